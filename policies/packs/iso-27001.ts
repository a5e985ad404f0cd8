import type { Standard } from "../engine/policy";

export const ISO_27001: Standard = {
  name: "iso-27001",
  title: "ISO/IEC 27001:2022, annex A",
  controls: [
    {
      id: "A.8.13",
      gist: "copies of information, software and systems are kept and tested under the agreed policy on backup",
      policies: [
        "BKP-001",
        "BKP-020",
        "BKP-022",
        "BKP-023",
        "BKP-029",
        "BKP-040",
        "BKP-042",
        "PBS-001",
        "PBS-002",
        "SEC-004",
        "DET-001",
      ],
    },
  ],
};
