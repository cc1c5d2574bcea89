import { createLogger, type Logger, type LoggerOptions } from '../../lib/logger.ts'

type Facts = Parameters<Logger['info']>[1]

/** A logger whose level and format can change while it is in use, children included. */
export interface ReloadableLogger extends Logger {
  reload(options: Pick<LoggerOptions, 'level' | 'format'>): void
}

export function createReloadableLogger(options: LoggerOptions): ReloadableLogger {
  let current = createLogger(options)
  /** Counts the reloads, so that children know when theirs is of the past. */
  let version = 0

  const loggerWith = (context: Facts): Logger => {
    let made = version
    let own = context === undefined ? current : current.child(context)
    const latest = () => {
      if (made !== version) {
        made = version
        own = context === undefined ? current : current.child(context)
      }
      return own
    }
    return {
      debug: (message, facts) => latest().debug(message, facts),
      info: (message, facts) => latest().info(message, facts),
      warn: (message, facts) => latest().warn(message, facts),
      error: (message, facts) => latest().error(message, facts),
      child: (facts) => loggerWith({ ...context, ...facts }),
    }
  }

  return {
    ...loggerWith(undefined),
    reload(changed) {
      current = createLogger({ ...options, ...changed })
      version += 1
    },
  }
}
