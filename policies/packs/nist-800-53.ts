import type { Standard } from "../engine/policy";

/** Intervals are the organisation's own choice. */
export const NIST_800_53: Standard = {
  name: "nist-800-53",
  title: "NIST SP 800-53 rev. 5, contingency planning",
  controls: [
    {
      id: "CP-2",
      gist: "contingency plan: objectives, priorities, roles",
      policies: ["BKP-024", "BKP-026", "BKP-027", "BKP-028"],
    },
    { id: "CP-4", gist: "the plan is tested", policies: ["BKP-029", "BKP-031"] },
    { id: "CP-6", gist: "an alternate place of storage", policies: ["BKP-042"] },
    {
      id: "CP-9 a",
      gist: "the data of users is backed up",
      policies: ["BKP-001", "BKP-002", "BKP-004", "BKP-005", "BKP-009", "BKP-010", "BKP-020"],
    },
    { id: "CP-9 b", gist: "the data of systems is backed up", policies: ["BKP-001", "BKP-004", "BKP-008", "BKP-011", "BKP-020"] },
    { id: "CP-9 c", gist: "the documentation of systems is backed up", policies: [] },
    {
      id: "CP-9 d",
      gist: "confidentiality, integrity and availability of backups are protected",
      policies: ["PBS-006", "ACC-001", "ACC-003", "ACC-011", "SEC-001", "SEC-002", "NET-006", "CHG-001", "CHG-023", "CHG-026"],
    },
    {
      id: "CP-9(1)",
      gist: "backups are tested for reliability and integrity",
      policies: ["BKP-044", "PBS-001", "PBS-002", "PBS-003"],
    },
    { id: "CP-9(2)", gist: "a sample of backups is restored when the plan is tested", policies: ["BKP-029", "BKP-030"] },
    { id: "CP-9(3)", gist: "backups of critical information are stored apart", policies: ["BKP-042", "BKP-043", "BKP-045"] },
    {
      id: "CP-9(5)",
      gist: "backups are transferred to the alternate place of storage",
      policies: ["BKP-042", "BKP-046", "BKP-049", "BKP-050", "CHG-008"],
    },
    { id: "CP-9(8)", gist: "backups are protected by cryptography", policies: ["BKP-051", "SEC-003", "SEC-004", "CHG-009"] },
    { id: "CP-10", gist: "systems are recovered to a known state in time", policies: ["BKP-022", "BKP-024", "BKP-032"] },
  ],
};
