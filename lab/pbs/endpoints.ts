import { aclEndpoints } from "./acl";
import { datastoreEndpoints } from "./datastores";
import type { Endpoint } from "./endpoint";
import { nodeEndpoints } from "./nodes";
import { permissionEndpoints } from "./permissions";
import { taskEndpoints } from "./tasks";
import { tokenEndpoints } from "./tokens";
import { userEndpoints } from "./users";

/** Every call that the device knows. */
export const endpoints: readonly Endpoint[] = [
  ...userEndpoints,
  ...tokenEndpoints,
  ...aclEndpoints,
  ...permissionEndpoints,
  ...datastoreEndpoints,
  ...taskEndpoints,
  ...nodeEndpoints,
];
