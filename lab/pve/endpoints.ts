import { aclEndpoints } from "./acl-entries";
import { backupJobEndpoints } from "./backup-jobs";
import type { Endpoint } from "./endpoint";
import { firewallObjectEndpoints } from "./firewall-objects";
import { ruleEndpoints } from "./firewall-rules";
import { firewallSettingEndpoints } from "./firewall-settings";
import { groupEndpoints } from "./groups";
import { guestPowerEndpoints } from "./guest-power";
import { lxcEndpoints } from "./lxc";
import { nodeEndpoints } from "./nodes";
import { notificationEndpoints } from "./notifications";
import { poolEndpoints } from "./pools";
import { qemuEndpoints } from "./qemu";
import { clusterEndpoints } from "./resources";
import { roleEndpoints } from "./roles";
import { sessionEndpoints } from "./sessions";
import { storageContentEndpoints } from "./storage-content";
import { storagePruneEndpoints } from "./storage-prune";
import { storageStatusEndpoints } from "./storage-status";
import { storageEndpoints } from "./storages";
import { taskEndpoints } from "./tasks";
import { tokenEndpoints } from "./tokens";
import { userEndpoints } from "./users";
import { vzdumpEndpoints } from "./vzdump";

/** Every call that the device answers; any other address is refused with 501, as the product does. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...sessionEndpoints(),
  ...userEndpoints(),
  ...tokenEndpoints(),
  ...groupEndpoints(),
  ...roleEndpoints(),
  ...aclEndpoints(),
  ...storageEndpoints(),
  ...storageStatusEndpoints(),
  ...storageContentEndpoints(),
  ...storagePruneEndpoints(),
  ...backupJobEndpoints(),
  ...notificationEndpoints(),
  ...poolEndpoints(),
  ...ruleEndpoints(),
  ...firewallObjectEndpoints(),
  ...firewallSettingEndpoints(),
  ...nodeEndpoints(),
  ...guestPowerEndpoints(),
  ...qemuEndpoints(),
  ...lxcEndpoints(),
  ...vzdumpEndpoints(),
  ...taskEndpoints(),
  ...clusterEndpoints(),
];
