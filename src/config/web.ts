import { listOf } from './collections.ts'
import { listenAddress } from './listen-address.ts'
import { setting } from './setting.ts'
import { hostName, integer, pathOrNone, toggle, urlPath } from './types.ts'

/** Settings under `web`. */
export const web = {
  listen_address: setting(listOf(listenAddress, 'addresses'), {
    default: ['127.0.0.1:10061'],
    about:
      'Where to listen. A port alone (`:10061`) means every address of the machine, which also needs `web.config_file` or `web.allow_unprotected`.',
  }),
  telemetry_path: setting(urlPath, { default: '/metrics', about: 'Path of the metrics.' }),
  enable_lifecycle: setting(toggle, {
    default: false,
    about: 'Serve `POST /-/reload`, which loads the configuration again.',
  }),
  disable_exporter_metrics: setting(toggle, {
    default: false,
    about: 'Leave out the metrics about this process (`process_*`, `nodejs_*`).',
  }),
  allow_unprotected: setting(toggle, {
    default: false,
    about:
      'Allow listening on addresses that other machines can reach although `web.config_file` does not protect them: anybody there can read what you spend.',
  }),
  config_file: setting(pathOrNone, {
    default: '',
    defaultText: 'none',
    about:
      "File with TLS, client certificates and users with passwords for every path, as other exporters read it (the format of Prometheus' exporter-toolkit). It is read again when it changes.",
    flagName: '--web.config.file',
  }),
  allowed_hosts: setting(listOf(hostName, 'host names'), {
    default: [],
    about:
      'Names this machine may be asked under, besides `localhost` and any IP address: those in the scrape configuration. Other names are refused, so that no web page can read the answers by pointing its own name here.',
  }),
  max_requests: setting(integer(0, 100_000), {
    default: 40,
    about:
      'Most scrapes answered at the same time, and beside them as many requests for the page and the API; more get status 503. 0: no limit.',
  }),
}
