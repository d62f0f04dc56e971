dnl # What a lab needs: a name that the machine's own would not give, senders of domains that no DNS knows, and a queue that
dnl # lets nothing out. Debian's pause before the greeting and its ten connections a minute are off in the access
dnl # table; a scenario may put them back. And a machine that is busy with other things takes mail all the same.
define(`confDOMAIN_NAME', `mx.example.test')dnl
MASQUERADE_AS(`example.test')dnl
FEATURE(`accept_unresolvable_domains')dnl
define(`confCON_EXPENSIVE', `True')dnl
define(`SMTP_MAILER_FLAGS', `e')dnl
define(`confQUEUE_LA', `10000')dnl
define(`confREFUSE_LA', `10000')dnl
