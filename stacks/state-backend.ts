import { type Construct, TerraformBackend, type TerraformRemoteState } from "../constructs/core";
import { type StateBackend, UserError } from "../model";

type Settings = Readonly<Record<string, string | boolean | Readonly<Record<string, string>>>>;

/** PostgreSQL cuts a longer name without a word, and two stacks would share a state. */
const LONGEST_SCHEMA = 63;

/**
 * Where the engine keeps the state of one stack. Each stack has a place of its own, made from its id. No credential stands
 * here: PGUSER, PGPASSWORD, AWS_… and TF_HTTP_… come from the environment of the process.
 *
 * `local` says no path: the runner gives it (`init -backend-config=path=…`), because the directory of a synthesized stack is
 * cleaned and a state must not lie in it.
 */
export class StackState extends TerraformBackend {
  readonly #settings: Settings;

  /** @throws UserError when the names are too long for the database */
  constructor(scope: Construct, stackId: string, state: StateBackend) {
    super(scope, "backend", state.kind);
    this.#settings = settings(stackId, state);
  }

  protected override synthesizeAttributes(): Settings {
    return this.#settings;
  }

  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("no stack reads the state of another: values that both need are in the model");
  }
}

function settings(stackId: string, state: StateBackend): Settings {
  switch (state.kind) {
    case "local":
      return {};
    case "pg":
      return { conn_str: state.connection, schema_name: schemaName(state.schema, stackId) };
    case "s3":
      return {
        bucket: state.bucket,
        key: `${state.prefix}/${stackId}.tfstate`,
        region: state.region,
        use_lockfile: true,
        ...(state.endpoint === undefined ? {} : otherStore(state.endpoint)),
      };
    case "http": {
      const address = `${state.address.replace(/\/$/, "")}/${stackId}`;
      return { address, lock_address: address, unlock_address: address };
    }
  }
}

function schemaName(schema: string, stackId: string): string {
  const name = `${schema}_${stackId}`;
  if (Buffer.byteLength(name) <= LONGEST_SCHEMA) return name;
  throw new UserError({
    what: `the state of stack ${stackId} needs a schema name of ${Buffer.byteLength(name)} bytes, "${name}"`,
    where: "environments.*.state.schema",
    why: `PostgreSQL takes ${LONGEST_SCHEMA} bytes and cuts the rest, so that two stacks could share a state`,
    repair: "shorten the schema of the state, or the name of the site or of the environment before their first apply",
  });
}

/** What Amazon's own store offers and others do not. */
function otherStore(endpoint: string): Settings {
  return {
    endpoints: { s3: endpoint },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
  };
}
