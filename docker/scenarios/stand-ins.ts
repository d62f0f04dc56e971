import type { Scenario } from './scenario.ts';

/**
 * Small servers of Perl that run inside a container beside the mail server: what is needed of a DNS or a milter, and no
 * more.
 */

/**
 * Port 53, where `/etc/resolv.conf` looks: every name below the zones has the address 127.0.0.9 and is its own mail
 * server; no other exists.
 */
export const dnsThatKnows = (zones: readonly string[], { except = [] }: { except?: readonly string[] } = {}) =>
  running('dns', names, [zones.join(','), except.join(',')]);

/**
 * Port 10099: a milter that answers one event (`C` connection, `H` HELO, `M` MAIL) with a reply, and lets all others
 * pass.
 */
export const milterThatSays = (event: 'C' | 'H' | 'M' | 'none', reply = ''): Scenario['config'] => ({
  ...running('milter', milter, [event, reply]),
  'main:smtpd_milters': 'inet:127.0.0.1:10099',
});

function running(name: string, program: string, words: readonly string[]): Scenario['config'] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `/lab/${name}.pl`;
  return {
    [`file:${script}`]: program,
    [`run:${name}`]: `perl ${script} ${quoted} </dev/null >/dev/null 2>&1 &\nuntil [ -e ${script}.up ]; do sleep 0.01; done`,
  };
}

const names = String.raw`
use IO::Socket::INET;
my ($zones, $except) = map [split /,/], @ARGV;
sub within { my ($name, $zones) = @_; scalar grep { lc(".$name") =~ /\Q.$_\E$/ } @$zones }
my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1:53', Proto => 'udp') or die;
open my $up, '>', "$0.up";
while (defined $door->recv(my $query, 512)) {
  my ($id, $flags, @counts) = unpack 'n6', $query;
  my ($at, @labels) = 12;
  while (my $size = ord substr $query, $at, 1) { push @labels, substr $query, $at + 1, $size; $at += 1 + $size }
  my $question = substr $query, 12, $at - 12 + 5;
  my $type = unpack 'n', substr $query, $at + 1, 2;
  my $name = join '.', @labels;
  my $known = within($name, $zones) && !within($name, $except);
  my $data = !$known ? '' : $type == 1 ? pack('nCCCC', 4, 127, 0, 0, 9) : $type == 15 ? pack('nnn', 4, 10, 0xc00c) : '';
  my $answer = $data eq '' ? '' : pack('nnnN', 0xc00c, $type, 1, 60) . $data;
  $door->send(pack('n6', $id, 0x8580 | ($known ? 0 : 3), 1, $answer eq '' ? 0 : 1, 0, 0) . $question . $answer);
}`;

const milter = String.raw`
use IO::Socket::INET; $SIG{CHLD} = 'IGNORE';
my ($when, $reply) = @ARGV;
my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1:10099', Listen => 50, ReuseAddr => 1) or die;
open my $up, '>', "$0.up";
while (my $mta = $door->accept) {
  next if fork;
  while (read($mta, my $size, 4) == 4) {
    read $mta, my $packet, unpack 'N', $size;
    my $event = substr $packet, 0, 1;
    exit if $event eq 'Q';
    next if $event =~ /[ADK]/; # abort, macros, another connection: nothing is answered
    my $answer = $event eq 'O' ? substr($packet, 0, 5) . pack('NN', 0, 0) : $event eq $when ? "y$reply\0" : 'c';
    print $mta pack('N', length $answer), $answer;
    $mta->flush;
  }
  exit;
}`;
