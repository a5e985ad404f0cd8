import type { Base } from "../sites";

/** What a review says of rows of the catalogue word for word, so that every wording stands here at least once. */
export const WORDS: Readonly<Record<Base, Readonly<Record<string, readonly string[]>>>> = {
  ecosolar: {
    "a guest leaves the site file": [
      "lost coverage of 105 xivo: backed up -> not in the site (reversible: the backups on pbs:proxmox-data:standard stay; new ones are made once this is taken back)",
    ],
    "a guest comes into the site file": [
      "gained coverage of 107 wiki: not in the site -> backed up (reversible: nothing is taken away)",
    ],
    "a guest becomes exempt": [
      "lost coverage of 104 glpi: backed up -> exempt: Rebuilt by hand (reversible: the backups on pbs:proxmox-data:standard stay; new ones are made once this is taken back)",
    ],
    "all guests of a tier become exempt": [
      "lost coverage of 101 ad, 103 erp: backed up -> exempt: Rebuilt by hand (reversible: the backups on pbs:proxmox-data:critical stay; new ones are made once this is taken back)",
    ],
    "the last guest of a tier leaves": [
      "lost coverage of 110 plans: backed up -> not in the site (reversible: the backups on pbs:proxmox-data stay; new ones are made once this is taken back)",
    ],
    "the critical tier runs every 6 h": [
      "weakened rpo of 101 ad, 103 erp: 4h -> 6h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "gained retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 31 points, oldest 12d (hourly 24, daily 7) (reversible: nothing is taken away)",
    ],
    "the critical tier runs every 2 h": [
      "weakened retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 31 points, oldest 8d (hourly 24, daily 7) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
      "gained rpo of 101 ad, 103 erp: 4h -> 2h (reversible: nothing is taken away)",
    ],
    "the standard tier rests at weekends": [
      "weakened rpo of 102 files, 104 glpi, 105 xivo, 106 mail: 25h -> 73h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "gained retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 11 points, oldest 33d (daily 7, weekly 4) (reversible: nothing is taken away)",
    ],
    "the standard tier runs on Sundays": [
      "weakened rpo of 102 files, 104 glpi, 105 xivo, 106 mail: 25h -> 169h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "gained retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 11 points, oldest 70d (daily 7, weekly 4) (reversible: nothing is taken away)",
    ],
    "the standard tier leaves out missed runs": [
      "weakened rpo of 102 files, 104 glpi, 105 xivo, 106 mail: a missed run is made up for -> a missed run is left out (reversible: the old schedule can be put back; points that were not made stay missing)",
    ],
    "fewer runs with the same largest gap": [
      "weakened rpo of 102 files, 104 glpi, 105 xivo, 106 mail: 13h, 364 runs in 28 days -> 13h, 56 runs in 28 days (reversible: the old schedule can be put back; points that were not made stay missing)",
      "gained retention of 102 files, 104 glpi, 105 xivo, 106 mail: 60 points, oldest 4d (last 60) -> 60 points, oldest 29d (last 60) (reversible: nothing is taken away)",
    ],
    "the schedule loses its UTC: one night in October has an hour more": [
      "weakened rpo of 101 ad, 103 erp: 4h -> 5h (reversible: the old schedule can be put back; points that were not made stay missing)",
    ],
    "the site's clocks change no more": [
      "gained rpo of 102 files, 104 glpi, 105 xivo, 106 mail: 25h -> 1d (reversible: nothing is taken away)",
    ],
    "fewer days are kept": [
      "weakened retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 27 points, oldest 6d (hourly 24, daily 3) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "fewer hours are kept": [
      "weakened retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 19 points, oldest 8d (hourly 12, daily 7) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "more days are kept": [
      "gained retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 38 points, oldest 17d (hourly 24, daily 14) (reversible: nothing is taken away)",
    ],
    "the weeks go": [
      "weakened retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 7 points, oldest 6d (daily 7) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "months are kept as well": [
      "gained retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 17 points, oldest 183d (daily 7, weekly 4, monthly 6) (reversible: nothing is taken away)",
    ],
    "days become weeks: as many points, further apart": [
      "weakened retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 11 points, oldest 59d (daily 2, weekly 9) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "a tier gives up its retention for that of its datastore": [
      "gained retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 21 points, oldest 107d (last 7, daily 7, weekly 4, monthly 3) (reversible: nothing is taken away)",
    ],
    "guests are shut down for their backup": [
      "gained consistency of 102 files, 104 glpi, 105 xivo, 106 mail: of a running guest (snapshot) -> of a guest that is shut down (stop) (reversible: nothing is taken away)",
    ],
    "a guest moves to a lower tier": [
      "weakened rpo of 103 erp: 4h -> 25h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "weakened retention of 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 11 points, oldest 28d (daily 7, weekly 4) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
      "weakened history of 103 erp: pbs:proxmox-data:critical -> pbs:proxmox-data:standard (recoverable with effort: the old backups stay on pbs:proxmox-data:critical, and belong to who wrote them)",
    ],
    "a guest moves to a higher tier": [
      "weakened retention of 104 glpi: 11 points, oldest 28d (daily 7, weekly 4) -> 31 points, oldest 10d (hourly 24, daily 7) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
      "weakened history of 104 glpi: pbs:proxmox-data:standard -> pbs:proxmox-data:critical (recoverable with effort: the old backups stay on pbs:proxmox-data:standard, and belong to who wrote them)",
      "gained rpo of 104 glpi: 25h -> 4h (reversible: nothing is taken away)",
    ],
    "an RPO is raised and the schedule stays": [
      "weakened promise of 101 ad, 103 erp: RPO 4h -> RPO 8h (reversible: the old setting can be put back)",
    ],
    "an RTO is raised": ["weakened promise of 103 erp: RTO 4h -> RTO 12h (reversible: the old setting can be put back)"],
    "an RTO is lowered": ["gained promise of 103 erp: RTO 4h -> RTO 3h (reversible: nothing is taken away)"],
    "an RTO goes": ["weakened promise of 106 mail: RTO 8h -> no RTO is promised (reversible: the old setting can be put back)"],
    "restores are tried every month": [
      "weakened restore tests of one guest: tried every 7d -> tried every 31d (reversible: the old setting can be put back)",
    ],
    "restores are tried every day": [
      "gained restore tests of one guest: tried every 7d -> tried every 1d (reversible: nothing is taken away)",
    ],
    "all guests are tried once a year": [
      "weakened restore tests of all guests: tried every 92d -> tried every 366d (reversible: the old setting can be put back)",
    ],
    "restores are tried no more": [
      "weakened restore tests of all guests: tried every 92d -> never tried (reversible: the old setting can be put back)",
      "weakened restore tests of one guest: tried every 7d -> never tried (reversible: the old setting can be put back)",
    ],
    "the off-site copy goes": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) -> pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "an off-site copy comes": [
      "gained copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs:proxmox-data (on site) -> pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) (reversible: nothing is taken away)",
    ],
    "the off-site copy is made weekly": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) -> pbs.lyon.example:ecosolar (off-site, every 169h) + pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the off-site copy is made hourly": [
      "gained copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) -> pbs.lyon.example:ecosolar (off-site, every 2h) + pbs:proxmox-data (on site) (reversible: nothing is taken away)",
    ],
    "the off-site copy follows removals": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) -> pbs.lyon.example:ecosolar (off-site, every 25h, follows removals) + pbs:proxmox-data (on site) (unrecoverable: the next run removes from pbs.lyon.example:ecosolar what its source no longer has)",
    ],
    "the off-site copy keeps what vanished": [
      "gained copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h, follows removals) + pbs:proxmox-data (on site) -> pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) (reversible: nothing is taken away)",
    ],
    "the off-site copy turns round": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs.lyon.example:ecosolar (off-site, every 25h) + pbs:proxmox-data (on site) -> pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
      "gained copies of pbs.lyon.example:ecosolar on pbs:proxmox-data: no copy -> pbs.lyon.example:ecosolar on pbs:proxmox-data (on site, every 25h) (reversible: nothing is taken away)",
    ],
    "the pulled copy goes": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: lyon:mirror (off-site, every 25h, safe from deletion) + pbs:proxmox-data (on site) -> pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the pulled copy follows removals, so that it can be deleted from here": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: lyon:mirror (off-site, every 25h, safe from deletion) + pbs:proxmox-data (on site) -> lyon:mirror (off-site, every 25h, follows removals) + pbs:proxmox-data (on site) (unrecoverable: the next run removes from lyon:mirror what its source no longer has)",
    ],
    "the server with the pulled copy moves into the house": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: lyon:mirror (off-site, every 25h, safe from deletion) + pbs:proxmox-data (on site) -> lyon:mirror (on site, every 25h) + pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the offline copy goes": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: disk (on site, every 169h, safe from deletion) + pbs:proxmox-data (on site) -> pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "an offline copy comes": [
      "gained copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs:proxmox-data (on site) -> disk (on site, every 169h, safe from deletion) + pbs:proxmox-data (on site) (reversible: nothing is taken away)",
    ],
    "the offline copy is made monthly": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: disk (on site, every 169h, safe from deletion) + pbs:proxmox-data (on site) -> disk (on site, every 745h, safe from deletion) + pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the offline copy stays online elsewhere": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: disk (on site, every 169h, safe from deletion) + pbs:proxmox-data (on site) -> disk (off-site, every 169h) + pbs:proxmox-data (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the backup server becomes a guest of the hypervisor": [
      "weakened copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs:proxmox-data (on site) -> pbs:proxmox-data (on the hypervisor) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "the backup server gets a machine of its own": [
      "gained copies of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: pbs:proxmox-data (on the hypervisor) -> pbs:proxmox-data (on site) (reversible: nothing is taken away)",
    ],
    "a tier is not encrypted any more": [
      "weakened encryption of 102 files, 104 glpi, 105 xivo, 106 mail: encrypted before it leaves the hypervisor -> not encrypted (recoverable with effort: the old backups need the old key, wherever it is escrowed; what is written in the meantime stays as it was written)",
    ],
    "backups are verified monthly": [
      "weakened verification of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: verified within 35d -> verified within 61d (reversible: the old setting can be put back)",
    ],
    "backups are verified again after 90 days": [
      "weakened verification of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: verified within 35d -> verified within 91d (reversible: the old setting can be put back)",
    ],
    "backups are verified again after 14 days": [
      "gained verification of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: verified within 35d -> verified within 21d (reversible: nothing is taken away)",
    ],
    "new backups are not verified": [
      "weakened verification of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: verified when new -> not verified when new (reversible: the old setting can be put back)",
    ],
    "a tier moves to another namespace": [
      "weakened history of 101 ad, 103 erp: pbs:proxmox-data:critical -> pbs:proxmox-data:vital (recoverable with effort: the old backups stay on pbs:proxmox-data:critical, and belong to who wrote them)",
    ],
    "the token has another name, and the groups belong to the old one": [
      "weakened history of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: written by pve-backup@pbs!pve-token -> written by pve-backup@pbs!pve-2027 (recoverable with effort: the old backups stay on pbs:proxmox-data:critical, pbs:proxmox-data:standard, and belong to who wrote them)",
    ],
    "the token has another user": [
      "weakened history of 101 ad, 102 files, 103 erp, 104 glpi, 105 xivo, 106 mail: written by pve-backup@pbs!pve-token -> written by ecosolar@pbs!pve-token (recoverable with effort: the old backups stay on pbs:proxmox-data:critical, pbs:proxmox-data:standard, and belong to who wrote them)",
    ],
    "a datastore is made anew at another path": [
      "lost datastore of pbs:proxmox-data: /mnt/datastore/proxmox-data -> /mnt/datastore/new (unrecoverable: it held the backups of 101, 102, 103, 104, 105, 106, and no copy is safe from deletion)",
    ],
    "space is freed once a year": [
      "weakened datastore of pbs:proxmox-data: space is freed every 1d -> space is freed every 366d (reversible: the old setting can be put back)",
    ],
    "nobody is told of a failure": [
      "weakened detection of hypervisor, pbs: supervision@wildcorp.example -> nobody is told (reversible: the old setting can be put back)",
    ],
    "one more is told of a failure": [
      "gained detection of hypervisor, pbs: supervision@wildcorp.example -> chef@ecosolar.example, supervision@wildcorp.example (reversible: nothing is taken away)",
    ],
    "somebody else is told of a failure": [
      "weakened detection of hypervisor, pbs: supervision@wildcorp.example -> autre@ecosolar.example (reversible: the old setting can be put back)",
    ],
    "nobody is told next": [
      "weakened detection of escalation: N2 after 8h -> nobody is told next (reversible: the old setting can be put back)",
    ],
    "the next is told later": [
      "weakened detection of escalation: N2 after 8h -> N2 after 1d (reversible: the old setting can be put back)",
    ],
    "somebody is told next": [
      "gained detection of escalation: nobody is told next -> N2 after 8h (reversible: nothing is taken away)",
    ],
    "the token may no longer delete": [
      "gained privileges of pve-backup@pbs on pbs:/datastore/proxmox-data, pve-backup@pbs!pve-token on pbs:/datastore/proxmox-data: Datastore.Audit, Datastore.Backup, Datastore.Modify, Datastore.Prune, Datastore.Read, Datastore.Verify -> Datastore.Backup (reversible: nothing is taken away)",
    ],
    "an operator may act below the root instead of the guests": [
      "weakened privileges of technicien@pve on hypervisor:/: nothing -> role PVEVMAdmin (recoverable with effort: the right can be taken away again; what was done with it cannot)",
    ],
    "an operator may act on one guest only": [
      "gained privileges of technicien@pve on hypervisor:/vms: role PVEVMAdmin -> nothing (reversible: nothing is taken away)",
    ],
    "an operator gets another role": [
      "unknown privileges of technicien@pve on hypervisor:/vms: role PVEVMAdmin -> role PVEAdmin (needs review: what it becomes is not known)",
    ],
    "an operator comes": [
      "weakened privileges of stage@pve on hypervisor:/: nothing -> role PVEAuditor (recoverable with effort: the right can be taken away again; what was done with it cannot)",
    ],
    "an operator's token goes": [
      "gained privileges of supervision@pve!monitoring on hypervisor:/: role PVEAuditor -> nothing (reversible: nothing is taken away)",
    ],
    "one more administrator reaches the port": [
      "weakened reachability of laptop (192.168.100.11): stopped by the firewall -> let through to pbs:8007 (recoverable with effort: the firewall's rules can be put back and loaded again)",
    ],
    "the administrator's machine goes": [
      "gained reachability of admin (192.168.100.10): let through to pbs:8007 -> stopped by the firewall (reversible: nothing is taken away)",
    ],
    "a tier runs rarely and keeps little": [
      "weakened rpo of 102 files, 104 glpi, 105 xivo, 106 mail: 25h -> 169h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "weakened retention of 102 files, 104 glpi, 105 xivo, 106 mail: 11 points, oldest 28d (daily 7, weekly 4) -> 2 points, oldest 7d (weekly 2) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "an RPO follows its schedule: one finding": [
      "weakened rpo of 101 ad, 103 erp: 4h -> 6h (reversible: the old schedule can be put back; points that were not made stay missing)",
      "gained retention of 101 ad, 103 erp: 31 points, oldest 10d (hourly 24, daily 7) -> 31 points, oldest 12d (last 24, daily 7) (reversible: nothing is taken away)",
    ],
  },
  atelier: {
    "an exempt guest is backed up": [
      "gained coverage of 2999 bench: exempt: Recréé à chaque essai -> backed up (reversible: nothing is taken away)",
    ],
    "a guest that Bastide made leaves the site file": [
      "lost coverage of 2300 lab: backed up -> not in the site (needs review: 2300 is destroyed in the same change, and no verified recovery point of it is named here)",
    ],
    "the weekly tier runs daily": ["gained rpo of 2200 plans: 169h -> 25h (reversible: nothing is taken away)"],
    "the half-hourly tier runs hourly": [
      "weakened rpo of 2001 directory, 2010 database: 30min -> 1h (reversible: the old schedule can be put back; points that were not made stay missing)",
    ],
    "the silver tier makes up for missed runs": [
      "gained rpo of 2107 intranet: a missed run is left out -> a missed run is made up for (reversible: nothing is taken away)",
    ],
    "the years go": [
      "weakened retention of 2200 plans: 31 points, oldest 2100d (weekly 8, monthly 18, yearly 5) -> 26 points, oldest 574d (weekly 8, monthly 18) (needs review: the next prune removes points; whether bands still has them is not known here)",
    ],
    "more years are kept": [
      "gained retention of 2200 plans: 31 points, oldest 2100d (weekly 8, monthly 18, yearly 5) -> 33 points, oldest 2835d (weekly 8, monthly 18, yearly 7) (reversible: nothing is taken away)",
    ],
    "the retention of a datastore that a tier inherits is lowered": [
      "weakened retention of 2107 intranet: 5 points, oldest 10d (last 3, weekly 2) -> 3 points, oldest 12h (last 3) (unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them)",
    ],
    "the retention of a datastore that a tier inherits is raised": [
      "gained retention of 2107 intranet: 5 points, oldest 10d (last 3, weekly 2) -> 10 points, oldest 10d (last 8, weekly 2) (reversible: nothing is taken away)",
    ],
    "guests are copied while they run": [
      "weakened consistency of 2200 plans: of a guest that is shut down (stop) -> of a running guest (snapshot) (reversible: the old setting can be put back)",
    ],
    "guests are suspended instead of shut down": [
      "weakened consistency of 2200 plans: of a guest that is shut down (stop) -> of a running guest (suspend) (reversible: the old setting can be put back)",
    ],
    "an RPO is lowered and the schedule keeps it": [
      "gained promise of 2200 plans: RPO 8d -> RPO 170h (reversible: nothing is taken away)",
    ],
    "an RTO is given": ["gained promise of 2107 intranet: no RTO is promised -> RTO 2h (reversible: nothing is taken away)"],
    "all guests are tried every quarter": [
      "gained restore tests of all guests: tried every 184d -> tried every 92d (reversible: nothing is taken away)",
    ],
    "what is held for the south is pulled no more": [
      "weakened copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> no copy (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "what is held for the south is pulled weekly": [
      "weakened copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> coffre.sud.example:south-data on coffre:archive (on site, every 169h) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "what is held for the south follows its removals": [
      "weakened copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> coffre.sud.example:south-data on coffre:archive (on site, every 25h, follows removals) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
    ],
    "what is held for the south is pulled hourly": [
      "gained copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> coffre.sud.example:south-data on coffre:archive (on site, every 2h) (reversible: nothing is taken away)",
    ],
    "a tier is encrypted": [
      "gained encryption of 2107 intranet: not encrypted -> encrypted before it leaves the hypervisor (reversible: nothing is taken away)",
    ],
    "new backups are verified": [
      "gained verification of 2001 directory, 2010 database, 2107 intranet: not verified when new -> verified when new (reversible: nothing is taken away)",
    ],
    "one of two datastores is verified rarely": [
      "weakened verification of 2200 plans: verified within 35d -> verified within 366d (reversible: the old setting can be put back)",
    ],
    "a tier moves to another datastore": [
      "weakened copies of 2200 plans: bands (on site, every 169h, safe from deletion) + coffre:archive (on site) -> coffre:quick (on site) (reversible: what was copied stays where it is; new copies are made once this is taken back)",
      "weakened verification of 2200 plans: verified within 35d -> verified within 62d (reversible: the old setting can be put back)",
      "weakened verification of 2200 plans: verified when new -> not verified when new (reversible: the old setting can be put back)",
      "weakened history of 2200 plans: coffre:archive -> coffre:quick:bronze (recoverable with effort: the old backups stay on coffre:archive, and belong to who wrote them)",
    ],
    "a datastore goes": [
      "lost coverage of 2200 plans: backed up -> not in the site (unrecoverable: the datastore with its backups goes in the same change: coffre:archive)",
      "lost datastore of coffre:archive: /srv/pbs/archive -> no such datastore (unrecoverable: it held the backups of 2200, and no copy is safe from deletion)",
      "weakened copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> no copy (unrecoverable: the copy and its datastore coffre:archive go in the same change)",
    ],
    "a datastore comes": [
      "gained datastore of coffre:cold: no such datastore -> /srv/pbs/cold (reversible: nothing is taken away)",
    ],
    "space is freed every day": [
      "gained datastore of coffre:archive: space is freed every 31d -> space is freed every 1d (reversible: nothing is taken away)",
    ],
    "one less is told of a failure": [
      "weakened detection of coffre, hypervisor: astreinte@nord.example, direction@nord.example -> astreinte@nord.example (reversible: the old setting can be put back)",
    ],
    "a datastore reports as its server does": [
      "gained detection of coffre:quick: nobody is told -> astreinte@nord.example, direction@nord.example (reversible: nothing is taken away)",
    ],
    "the token may delete": [
      "weakened privileges of nord@pbs on coffre:/datastore/archive, nord@pbs on coffre:/datastore/quick, nord@pbs!cluster on coffre:/datastore/archive, nord@pbs!cluster on coffre:/datastore/quick: Datastore.Backup, Datastore.Prune -> Datastore.Audit, Datastore.Backup, Datastore.Modify, Datastore.Prune, Datastore.Read, Datastore.Verify (recoverable with effort: the right can be taken away again; what was done with it cannot)",
    ],
    "the token may only write": [
      "gained privileges of nord@pbs on coffre:/datastore/archive, nord@pbs on coffre:/datastore/quick, nord@pbs!cluster on coffre:/datastore/archive, nord@pbs!cluster on coffre:/datastore/quick: Datastore.Backup, Datastore.Prune -> Datastore.Backup (reversible: nothing is taken away)",
    ],
    "an operator may act on all pools": [
      "weakened privileges of garde@pve on hypervisor:/pool: nothing -> role PVEAdmin (recoverable with effort: the right can be taken away again; what was done with it cannot)",
    ],
    "an operator loses all access": [
      "gained privileges of garde@pve on hypervisor:/pool/atelier-nord-gold: role PVEAdmin -> nothing (reversible: nothing is taken away)",
    ],
    "the probe becomes an administrator whom the firewall alone would stop": [
      "weakened reachability of sonde (10.20.1.41): stopped by the firewall -> let through to coffre:8117 (recoverable with effort: the firewall's rules can be put back and loaded again)",
    ],
    "a firewall comes": [
      "gained reachability of everybody: let through to coffre:8117 -> stopped by the firewall (reversible: nothing is taken away)",
    ],
    "the server's own filter is taken off": [
      "weakened reachability of everybody: stopped by coffre itself -> let through to coffre:8117 (recoverable with effort: the firewall's rules can be put back and loaded again)",
    ],
    "the server filters by itself": [
      "gained reachability of everybody: let through to coffre:8117 -> stopped by coffre itself (reversible: nothing is taken away)",
    ],
    "one more administrator passes both filters": [
      "weakened reachability of sonde (10.20.1.41): stopped by the firewall and by coffre itself -> let through to coffre:8117 (recoverable with effort: the firewall's rules can be put back and loaded again)",
    ],
    "a guest that Bastide made, its tier and its datastore go together": [
      "lost coverage of 2200 plans: backed up -> not in the site (unrecoverable: 2200 is destroyed, and the datastore with its backups goes in the same change: coffre:archive)",
      "lost datastore of coffre:archive: /srv/pbs/archive -> no such datastore (unrecoverable: it held the backups of 2200, and no copy is safe from deletion)",
      "weakened copies of coffre.sud.example:south-data on coffre:archive: coffre.sud.example:south-data on coffre:archive (on site, every 25h) -> no copy (unrecoverable: the copy and its datastore coffre:archive go in the same change)",
    ],
  },
};
