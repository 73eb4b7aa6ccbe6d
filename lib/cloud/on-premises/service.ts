/**
 * `harbor-fleet.service`: a unit of systemd that loads the rules and makes the tunnels' interfaces when a router starts, before strongSwan and
 * BIRD. Where the rules do not load it makes no interface, so that nothing passes without them.
 */
export const routerService = (): string =>
  [
    '[Unit]',
    "Description=Rules and interfaces of harbor-fleet's tunnels",
    // Whose start takes away all rules that are there.
    'After=nftables.service',
    'Before=strongswan.service bird.service',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    'ExecStartPre=/usr/sbin/nft -f /etc/nftables.d/harbor-fleet.nft',
    'ExecStart=/bin/sh /etc/harbor-fleet/interfaces.sh',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
