import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const separateAdministration: Rule = {
  sentence: "No credential administers two backup servers",
  model: ({ site, environment }) => {
    const servers = Object.entries(site.environments[environment]?.devices?.backupServers ?? {});
    if (servers.length < 2) return [];
    const devices = `${member("environments", environment)}.devices.backupServers`;
    return servers.map(([name, { credential }]) => {
      const others = servers.filter(([other, device]) => other !== name && device.credential === credential);
      return judged(
        member(devices, name),
        others.length > 0
          ? `its credential "${credential}" is also that of ${others.map(([other]) => other).join(", ")}`
          : undefined,
      );
    });
  },
};
