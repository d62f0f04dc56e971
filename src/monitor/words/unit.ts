import { dirname } from 'node:path';

/** A systemd unit that keeps a monitor running. `file`: the absolute path of its file. */
export function systemdUnit(file: string): string {
  return `[Unit]
Description=mxprobe monitor
Wants=network-online.target
After=network-online.target

[Service]
# A user that may write to the folder of the store, and nothing else:
# User=mxprobe
WorkingDirectory=${specified(dirname(file))}
ExecStart=/usr/bin/env mxprobe monitor run ${quoted(file).replaceAll('$', '$$$$')}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=30
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths=${quoted(dirname(file))}

[Install]
WantedBy=multi-user.target
`;
}

/** As systemd.unit(5) has specifiers, and systemd.syntax(7) quotes: a working directory takes none. */
const specified = (path: string): string => path.replaceAll('%', '%%');
const quoted = (path: string): string =>
  /[\s"'\\;]/.test(path) ? `"${specified(path).replace(/["\\]/g, '\\$&')}"` : specified(path);
