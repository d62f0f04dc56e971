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
WorkingDirectory=${escaped(dirname(file))}
ExecStart=/usr/bin/env mxprobe monitor run ${escaped(file)}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=30
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths=${escaped(dirname(file))}

[Install]
WantedBy=multi-user.target
`;
}

/** Spaces and specifiers, as systemd.syntax(7) has them. */
const escaped = (path: string): string => {
  const plain = path.replaceAll('%', '%%');
  return /[\s"'\\$;]/.test(plain) ? `"${plain.replace(/["\\]/g, '\\$&').replaceAll('$', '$$$$')}"` : plain;
};
