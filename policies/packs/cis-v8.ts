import type { Standard } from "../engine/policy";

export const CIS_V8: Standard = {
  name: "cis-v8",
  title: "CIS Critical Security Controls v8, control 11: data recovery",
  controls: [
    {
      id: "11.1",
      gist: "a process of data recovery, with scope, order and security of the backups, is written and reviewed every year",
      policies: ["BKP-026", "BKP-027", "BKP-028", "ACK-001", "ACK-002"],
    },
    {
      id: "11.2",
      gist: "backups of what is in scope run by themselves, every week or more often",
      policies: ["BKP-001", "BKP-002", "BKP-005", "BKP-009", "BKP-010", "BKP-020", "DET-001"],
    },
    {
      id: "11.3",
      gist: "recovery data is protected like the data itself",
      policies: ["BKP-051", "ACC-003", "ACC-011", "SEC-003", "SEC-004", "SEC-005", "NET-006", "CHG-023", "CHG-026"],
    },
    {
      id: "11.4",
      gist: "at least one isolated instance of recovery data",
      policies: ["BKP-042", "BKP-043", "BKP-047", "BKP-048"],
    },
    {
      id: "11.5",
      gist: "the recovery of a sample is tested every quarter or more often (IG2 and above)",
      policies: ["BKP-029", "BKP-030", "BKP-031"],
    },
  ],
};
