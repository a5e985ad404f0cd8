/** Words that an alias cannot be called: the grammar of pf takes them, and in the last line pfSense for its own tables. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
    all allow-opts altq anchor antispoof any bandwidth binat binat-anchor bitmask block block-policy buckets cbq code
    codelq crop debug divert-reply divert-to dnpipe dnqueue drop drop-ovl dup-to ether fail-policy fairq fastroute file
    fingerprints flags floating flush for fragment from global group hfsc hogs hostid icmp-type icmp6-type if-bound in
    include inet inet6 interval keep keepcounters l3 label limit linkshare load log loginterface map-e-portset match max
    max-mss max-src-conn max-src-conn-rate max-src-nodes max-src-states min-ttl modulate nat nat-anchor no no-df no-route
    no-sync on optimization os out overload pass port prio priority priq probability proto qlimit queue quick random
    random-id rdr rdr-anchor realtime reassemble reply-to require-order return return-icmp return-icmp6 return-rst
    ridentifier round-robin route route-to rtable rule ruleset-optimization scrub set set-tos skip sloppy source-hash
    source-track state state-defaults state-policy static-port sticky-address syncookies synproxy table tag tagged target
    tbrsize timeout to tos ttl upperlimit urpf-failed user allowopts binatanchor blockpolicy divertreply divertto
    duptoicmptype icmp6type ifboundmaxmss maxsrcconn maxsrcconnrate maxsrcnodes maxsrcstates minttl natanchornodf noroute
    nosync randomidrdranchor replyto requireorderreturnicmp returnicmp6 returnrstroundrobinrouteto ruleset_optimization
    settos sourcehash sourcetrackstatedefaults statepolicy staticport stickyaddress urpffailed dropovl failpolicy
    mapeportset arrow codel error filename fragcrop fragdrop IPsec L2TP maximummin OpenVPN pppoe pptp
    bogons bogonsv6 sshguard snort2c virusprot vpn_networks negate_networks tonatsubnets
  `
    .trim()
    .split(/\s+/),
);

/** Protocol names of `/etc/protocols` that somebody may try as an alias name. */
export const IP_PROTOCOLS: ReadonlySet<string> = new Set(
  "ip icmp igmp ggp ipencap tcp udp egp igp ipv6 rsvp gre esp ah ipv6-icmp ospf pim ipcomp vrrp carp l2tp sctp pfsync".split(" "),
);

/** Common names of `/etc/services`: valid as a port, refused as an alias name. The real list has some thousand more. */
export const SERVICES: ReadonlySet<string> = new Set(
  `ftp ftp-data ssh telnet smtp domain bootps bootpc tftp http pop3 sunrpc ntp netbios-ns netbios-dgm netbios-ssn imap snmp
   snmptrap bgp ldap https microsoft-ds submission ldaps imaps pop3s openvpn l2tp radius mysql postgresql rdp sip nfs syslog`.split(
    /\s+/,
  ),
);
