import { setting } from './setting.ts'
import { textMatching } from './types.ts'

const machineName = textMatching('name', 'letters, digits, `_`, `.` and `-`, at most 63', (value) =>
  /^(?:[\w][\w.-]{0,62})?$/.test(value),
)

/** Settings under `machine`. */
export const machine = {
  name: setting(machineName, {
    default: '',
    defaultText: "the host's name",
    about:
      'What this machine is called where several share a ledger. To be given in containers, whose host names change: with it a new container goes on where the last one of that name stopped.',
  }),
}
