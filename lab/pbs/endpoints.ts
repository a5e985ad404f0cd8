import { aclEndpoints } from "./acl";
import { datastoreStatusEndpoints } from "./datastore-status";
import { datastoreEndpoints } from "./datastores";
import { encryptionKeyEndpoints } from "./encryption-keys";
import type { Endpoint } from "./endpoint";
import { collectionEndpoints } from "./garbage-collection";
import { groupEndpoints } from "./groups";
import { loginEndpoints } from "./login";
import { namespaceEndpoints } from "./namespaces";
import { nodeEndpoints } from "./nodes";
import { matcherEndpoints } from "./notification-matchers";
import { notificationEndpoints } from "./notifications";
import { permissionEndpoints } from "./permissions";
import { pruneJobEndpoints } from "./prune-jobs";
import { pruneEndpoints } from "./pruning";
import { remoteEndpoints } from "./remotes";
import { snapshotEndpoints } from "./snapshots";
import { syncJobEndpoints } from "./sync-jobs";
import { taskEndpoints } from "./tasks";
import { tokenEndpoints } from "./tokens";
import { trafficControlEndpoints } from "./traffic-control";
import { userEndpoints } from "./users";
import { verificationEndpoints } from "./verification";
import { verifyJobEndpoints } from "./verify-jobs";

/** Every call that the device knows. */
export const endpoints: readonly Endpoint[] = [
  ...loginEndpoints,
  ...userEndpoints,
  ...tokenEndpoints,
  ...aclEndpoints,
  ...permissionEndpoints,
  ...datastoreEndpoints,
  ...datastoreStatusEndpoints,
  ...namespaceEndpoints,
  ...groupEndpoints,
  ...snapshotEndpoints,
  ...verificationEndpoints,
  ...pruneEndpoints,
  ...collectionEndpoints,
  ...pruneJobEndpoints,
  ...verifyJobEndpoints,
  ...syncJobEndpoints,
  ...remoteEndpoints,
  ...trafficControlEndpoints,
  ...notificationEndpoints,
  ...matcherEndpoints,
  ...encryptionKeyEndpoints,
  ...taskEndpoints,
  ...nodeEndpoints,
];
