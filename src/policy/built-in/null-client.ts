export const nullClient = `# A host that sends mail and takes none: nobody must be able to connect (Postfix: inet_interfaces = loopback-only).
name: null-client

# A connection that is refused is the proof. Silence is none: a filter there, a filter on our side (many networks block outgoing
# port 25) and a host that is down look alike. It stays inconclusive; where the filter is known to be there, a waiver says so:
#
#   waivers:
#     - {probe: reachable, verdict: inconclusive, until: 2030-12-31, reason: dropped by the firewall of the data centre}
ports:
  25: closed
  465: closed
  587: closed
`;
