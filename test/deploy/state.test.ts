import { checkBackendCredentials, encryptionSettings, postgresApplicationName } from "../../deploy/state";
import { Secret, type StateBackend, UserError } from "../../model";

const pg = (connection: string): StateBackend => ({ kind: "pg", connection, schema: "bastide" });
const s3: StateBackend = { kind: "s3", bucket: "b", prefix: "p", region: "r" };
const http: StateBackend = { kind: "http", address: "https://state.example" };

function missing(backend: StateBackend, variables: Record<string, string>): string[] {
  try {
    checkBackendCredentials(backend, variables);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.faults.map(({ where }) => where.replace("variable ", ""));
  }
}

describe("credentials of a state backend", () => {
  it.each<[string, StateBackend, Record<string, string>, string[]]>([
    ["local needs none", { kind: "local" }, {}, []],
    ["pg needs user and password, both named at once", pg("postgres://db.lan/state"), {}, ["PGUSER", "PGPASSWORD"]],
    ["pg takes the user of the connection", pg("postgres://bastide@db.lan/state"), {}, ["PGPASSWORD"]],
    ["pg with both", pg("postgres://db.lan/state"), { PGUSER: "u", PGPASSWORD: "p" }, []],
    ["pg with a password file", pg("postgres://u@db.lan/state"), { PGPASSFILE: "/f" }, []],
    ["pg with a client certificate", pg("host=db.lan user=u sslcert=/c"), {}, []],
    ["pg over a local socket", pg("host=/run/postgresql dbname=state user=u"), {}, []],
    ["an empty value is none", pg("postgres://u@db.lan/state"), { PGPASSWORD: "" }, ["PGPASSWORD"]],
    ["a password in the connection is refused", pg("postgres://u:p@db.lan/state"), { PGPASSWORD: "p" }, ["state.connection"]],
    ["the same in the other form", pg("host=db user=u password=p"), { PGPASSWORD: "p" }, ["state.connection"]],
    ["s3 needs the pair", s3, {}, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]],
    ["s3 with half of it", s3, { AWS_ACCESS_KEY_ID: "x" }, ["AWS_SECRET_ACCESS_KEY"]],
    ["s3 with a profile", s3, { AWS_PROFILE: "x" }, []],
    ["http needs both", http, {}, ["TF_HTTP_USERNAME", "TF_HTTP_PASSWORD"]],
    ["http with both", http, { TF_HTTP_USERNAME: "u", TF_HTTP_PASSWORD: "p" }, []],
  ])("%s", (_name, backend, variables, expected) => {
    expect(missing(backend, variables)).toEqual(expected);
  });
});

describe("encryption settings", () => {
  it("quote any passphrase", () => {
    expect(encryptionSettings(Secret.of('a"b\\c'))).toContain('passphrase    = "a\\"b\\\\c"');
  });
  it("do not let the passphrase be read as an expression", () => {
    const [dollar, percent] = ["$", "%"];
    expect(encryptionSettings(Secret.of(`a${dollar}{b}${percent}{c}`))).toContain(
      `"a${dollar}${dollar}{b}${percent}${percent}{c}"`,
    );
  });
});

it("names a run for the database in at most 63 plain bytes", () => {
  const name = postgresApplicationName(`bastide apply écosolar/${"x".repeat(80)}`);
  expect(name).toHaveLength(63);
  expect(name).toMatch(/^bastide apply \?cosolar/);
});
