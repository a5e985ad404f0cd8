import type { Standard } from "../engine/policy";

/**
 * Only the recommendations whose numbers stand in the text of v1.1; it is a guide, nobody is bound by it. The others are used as
 * reasons of policies, without a number.
 */
export const ANSSI_BP_100: Standard = {
  name: "anssi-bp-100",
  title: "ANSSI-BP-100, Sauvegarde des systèmes d'information – Les fondamentaux, v1.1 (2025)",
  controls: [
    {
      id: "R11",
      gist: "3-2-1: three copies, production included, on two media, one of them offline",
      policies: ["BKP-040", "BKP-041", "BKP-043"],
    },
    { id: "R12", gist: "an offline copy is indispensable", policies: ["BKP-043"] },
    {
      id: "R13",
      gist: "the guide to secure administration is followed",
      policies: ["ACC-001", "ACC-009", "ACC-010", "ACC-011", "NET-011"],
    },
    {
      id: "R22",
      gist: "restores are tried regularly, by a procedure that is written and practised",
      policies: ["BKP-029", "BKP-030", "BKP-031"],
    },
    { id: "R23", gist: "the order of restore is known beforehand", policies: ["BKP-007", "BKP-024", "BKP-026", "BKP-028"] },
    {
      id: "R24",
      gist: "the backup infrastructure can be isolated at once",
      policies: ["BKP-045", "NET-001", "NET-006", "NET-007", "NET-008", "NET-009", "NET-010"],
    },
    { id: "R27", gist: "what an attacker left in backups is looked for before it is restored", policies: [] },
    { id: "R32", gist: "media are erased securely", policies: [] },
  ],
};
