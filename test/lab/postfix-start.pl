# Starts programs of Postfix as master(8) does, each with a configuration of its own, and tells what they answer and log. Reads and writes
# JSON: cases [{ id, main, master, programs, say }] give [{ id, replies, log }]. The first of the programs is talked to; without any it is master
# itself that is started, and somebody comes to its `port` or to its service `x`.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket;
use JSON::PP;
use POSIX ();

$SIG{PIPE} = 'IGNORE';
my $folder  = '/tmp/postfix-start';
my $daemons = '/usr/lib/postfix/sbin';
my @session = ('EHLO client.test', 'MAIL FROM:<a@example.test>', 'RCPT TO:<alice@example.test>', 'DATA');

my $cases  = decode_json(do { local $/; <STDIN> });
my $logger = collect_log();
my @told;
# A program that gives up sleeps for a second first: many do so at once.
while (my @some = splice @$cases, 0, 40) {
  my @running = map { $_->{programs} ? start_programs($_) : start_master($_) } @some;
  push @told, map { finish($_) } @running;
}
kill 'TERM', $logger;
waitpid $logger, 0;
open my $logged, '<', "$folder/log" or die;
my @log = <$logged>;
for my $case (@told) {
  my @lines = map { s/^<\d+>\w+ +\d+ [\d:]+ //r =~ s/\s+$//r } grep { /^<\d+>\w+ +\d+ [\d:]+ $case->{id}\// } @log;
  open my $complaints, '<', "$folder/$case->{id}/complaints" or die;
  $case->{log} = [map({ s/\s+$//r } <$complaints>), @lines];
}
print encode_json(\@told);

# What syslog gets, in a file: a datagram socket holds ten messages, and who writes the next one waits.
sub collect_log {
  mkdir $folder;
  unlink '/dev/log', "$folder/log";
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => '/dev/log') or die;
  chmod 0666, '/dev/log';
  my $pid = fork;
  return $pid if $pid;
  $SIG{TERM} = sub { $socket->blocking(0) };
  open my $file, '>', "$folder/log" or die;
  while (1) {
    my $from = $socket->recv(my $message, 65536);
    if (defined $from) { print $file "$message\n" }
    elsif (!$socket->blocking) { last }
  }
  close $file;
  exit 0;
}

sub write_configuration {
  my ($case) = @_;
  my $at = "$folder/$case->{id}";
  mkdir $at;
  for my $name ('main', 'master') {
    open my $file, '>:raw:utf8', "$at/$name.cf" or die;
    print $file $case->{$name};
    close $file;
    # Postfix waits until a file that it reads is two seconds old.
    utime time - 60, time - 60, "$at/$name.cf";
  }
  return $at;
}

# All but the first end as soon as they have begun: nobody holds the pipe of their status.
sub start_programs {
  my ($case) = @_;
  my $at = write_configuration($case);
  my ($held, $port);
  my @pids = start_postconf($at);
  for my $program (@{ $case->{programs} }) {
    my $listen = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die;
    $port ||= $listen->sockport;
    pipe(my $status_read, my $status_write);
    pipe(my $flow_read, my $flow_write);
    my $pid = fork;
    if (!$pid) {
      give_descriptors($flow_read, $flow_write, $status_write, $listen);
      chdir '/var/spool/postfix';
      my $type = $program =~ /^(smtpd|postscreen)$/ ? 'inet' : 'unix';
      my @alone = $program =~ /^(qmgr|postscreen)$/ ? '-l' : ();
      exec_program($case->{id}, $at, "$daemons/$program", '-n', "$case->{id}-$program", '-t', $type, '-u', @alone);
    }
    push @pids, $pid;
    $held ||= $status_read;
  }
  return { id => $case->{id}, pids => \@pids, held => $held, port => $port, say => $case->{say} || \@session };
}

sub start_postconf {
  my ($at) = @_;
  my $pid = fork;
  return $pid if $pid;
  open STDOUT, '>', '/dev/null';
  open STDERR, '>', "$at/complaints";
  exec 'postconf', '-c', $at, '-n' or POSIX::_exit(99);
}

sub exec_program {
  my ($id, $at, @command) = @_;
  open STDIN,  '<', '/dev/null';
  open STDOUT, '>', '/dev/null';
  open STDERR, '>', '/dev/null';
  $ENV{MAIL_CONFIG} = $at;
  $ENV{MAIL_LOGTAG} = $id;
  $ENV{GENERATION}  = 1;
  exec @command or POSIX::_exit(99);
}

# master(5): 3 and 4 are the flow of mail, 5 the status, 6 what is listened on.
sub give_descriptors {
  my $to   = 3;
  my @copy = map { my $high = 200 + $to++; POSIX::dup2(fileno $_, $high); $high } @_;
  $to = 3;
  POSIX::dup2($_, $to++) for @copy;
  POSIX::close($_) for 7 .. 210;
}

sub start_master {
  my ($case) = @_;
  my $at = write_configuration($case);
  my ($user, $group) = (getpwnam 'postfix')[2, 3];
  for my $name ('queue', 'data', map { "queue/$_" } 'pid', 'private', 'public', 'active', 'incoming', 'maildrop') {
    mkdir "$at/$name";
    chown $user, $group, "$at/$name" if $name !~ /^queue$|pid$/;
  }
  my $pid = fork;
  exec_program($case->{id}, $at, "$daemons/master", '-d', '-e', 2) if !$pid;
  return { id => $case->{id}, pids => [$pid, start_postconf($at)], peer => wake($pid, $case->{port}, "$at/queue/private/x") };
}

# master starts a program when somebody comes, and ends by itself.
sub wake {
  my ($pid, $port, $path) = @_;
  for (1 .. 40) {
    my $peer = $port ? IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) : IO::Socket::UNIX->new(Peer => $path);
    return $peer if $peer || waitpid($pid, POSIX::WNOHANG);
    select undef, undef, undef, 0.05;
  }
  return undef;
}

sub finish {
  my ($run) = @_;
  my @replies = $run->{say} ? talk($run) : ();
  close $run->{held} if $run->{held};
  waitpid $_, 0 for @{ $run->{pids} };
  return { id => $run->{id}, replies => \@replies };
}

sub talk {
  my ($run) = @_;
  my $peer = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $run->{port}) or return ();
  setsockopt $peer, SOL_SOCKET, SO_RCVTIMEO, pack('l!l!', 10, 0);
  my @replies = reply($peer);
  for my $command (@{ $run->{say} }) {
    last if !@replies || $replies[-1] =~ /^(354|421)/;
    print $peer "$command\r\n";
    my @more = reply($peer) or last;
    push @replies, @more;
  }
  return @replies;
}

sub reply {
  my ($peer) = @_;
  my $whole = '';
  while (defined(my $line = <$peer>)) {
    $whole .= $line;
    last if $line !~ /^\d+-/;
  }
  return $whole eq '' ? () : $whole;
}
