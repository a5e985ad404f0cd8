import { versions } from "../../live/checks/versions";
import { proveSite } from "./proven-site";

const { verification } = proveSite();

const verdictOn = (release: string) =>
  versions({ ...verification, live: { ...verification.live, firewallVersion: { ok: true, value: release } } }).find(
    ({ subject }) => subject === "firewall",
  )?.verdict;

test.each([
  ["2.7.2-RELEASE", "fault"],
  ["2.8.0-RELEASE", "ok"],
  ["2.8.1-RELEASE", "ok"],
  ["2.9.0-RELEASE", "warning"],
  ["2.10.0-RELEASE", "warning"],
  ["24.11-RELEASE", "fault"],
  ["25.11.1-RELEASE", "ok"],
  ["26.03.1-RELEASE", "ok"],
  ["26.07-RELEASE", "warning"],
])("pfSense %s: %s", (release, verdict) => {
  expect(verdictOn(release)).toBe(verdict);
});

test("a site without a firewall is not asked for its version", () => {
  expect(versions(verification).map(({ subject }) => subject)).toEqual(["hypervisor", "pbs"]);
});
