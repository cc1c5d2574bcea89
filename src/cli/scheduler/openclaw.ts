import { OperatorError } from '../../core/errors.ts'
import type { ScheduledJob, SchedulerFiles } from './job.ts'
import { shellLine, shellWord } from './quoting.ts'

const TIMEOUT_SECONDS = 3_600

/**
 * A job for the Gateway of OpenClaw, as its method `cron.add` takes it.
 *
 * @param byAgent an agent is asked to run the command, for versions that cannot run one themselves
 */
export function openclawFiles(job: ScheduledJob, byAgent: boolean): SchedulerFiles {
  if (job.time === null) {
    throw new OperatorError('OpenClaw starts jobs at times, and none that run all the time', {
      seen: '--run serve',
      fix: 'Use --format systemd or launchd for the exporter itself.',
    })
  }
  const document = {
    name: job.name,
    description: job.description,
    enabled: true,
    schedule: {
      kind: 'cron',
      expr: job.time.expression,
      tz: job.time.timeZone ?? job.machineTimeZone,
      staggerMs: 0,
    },
    sessionTarget: 'isolated',
    wakeMode: 'now',
    payload: byAgent ? agentPayload(job) : commandPayload(job),
    delivery: { mode: 'none' },
  }
  const file = `${job.name}.openclaw.json`
  return {
    files: [{ name: file, text: `${JSON.stringify(document, null, 2)}\n` }],
    notes: [byAgent ? AGENT_NOTE : COMMAND_NOTE, DELIVERY_NOTE],
    next: [`openclaw gateway call cron.add --params "$(cat ${file})"`, 'openclaw cron list'],
  }
}

/** Run by the Gateway itself, without a shell and without a model. */
function commandPayload({ argv, workingFolder }: ScheduledJob) {
  return { kind: 'command', argv, cwd: workingFolder, timeoutSeconds: TIMEOUT_SECONDS }
}

function agentPayload({ argv, workingFolder }: ScheduledJob) {
  const command = `cd ${shellWord(workingFolder)} && ${shellLine(argv)}`
  return {
    kind: 'agentTurn',
    message: `Run exactly this command once, change nothing, and answer with its exit code and the last line it printed:\n\n${command}`,
    timeoutSeconds: TIMEOUT_SECONDS,
  }
}

const COMMAND_NOTE =
  'The Gateway runs the command itself, without a model. That needs OpenClaw 2026.6 or later, and operator.admin to add it; for earlier versions, Clawdbot and Moltbot give --agent-turn.'

const AGENT_NOTE =
  'An agent runs the command in a turn of its own, which uses tokens and shows up in the figures; it has to be allowed to run commands.'

const DELIVERY_NOTE =
  'Nothing is sent to a chat; for that, change delivery to {"mode": "announce", "channel": ..., "to": ...}.'
