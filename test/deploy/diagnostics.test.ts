import { explain, type FailureContext } from "../../deploy/diagnostics";
import { EngineFailure } from "../../deploy/engine-failure";
import type { EngineDiagnostic } from "../../deploy/events";
import type { StackObject } from "../../deploy/stack-objects";
import type { Fault } from "../../model";

const ADDRESS = "restful_resource.prune_job__critical";
const OBJECT: StackObject = {
  address: ADDRESS,
  type: "restful_resource",
  construct: "prune job critical",
  protected: false,
  device: "https://192.168.100.220:8007/api2/json",
  attributes: { path: "/config/prune", update_path: "/config/prune/critical", update_method: "PATCH" },
};
const CONTEXT: FailureContext = {
  site: "ecosolar",
  environment: "production",
  layer: "backup-server",
  objects: new Map([[ADDRESS, OBJECT]]),
  lockFile: "sites/ecosolar/locks/production/backup-server.lock.hcl",
  state: { kind: "local" },
};

const failure = (diagnostics: readonly Partial<EngineDiagnostic>[], more: object = {}): EngineFailure =>
  new EngineFailure({
    operation: "apply",
    interrupted: false,
    diagnostics: diagnostics.map((entry) => ({ severity: "error", summary: "", detail: "", ...entry })),
    output: "",
    ...more,
  });
const faultsOf = (...diagnostics: Partial<EngineDiagnostic>[]): readonly Fault[] => explain(failure(diagnostics), CONTEXT).faults;

describe("a diagnostic of the engine in our words", () => {
  const net = (text: string) => ({
    summary: "Error to call create",
    detail: `Post "https://192.168.100.220:8007/api2/json/config/prune": ${text}`,
    address: ADDRESS,
  });
  it.each<[string, Partial<EngineDiagnostic>, RegExp, RegExp]>([
    [
      "device down",
      net("dial tcp 192.168.100.220:8007: connect: connection refused"),
      /refuses the connection/,
      /start the device.*continues/,
    ],
    [
      "device slow",
      net("context deadline exceeded (Client.Timeout exceeded while awaiting headers)"),
      /did not answer in time/,
      /load of the device/,
    ],
    [
      "reset in the middle",
      net("read tcp 127.0.0.1:5->127.0.0.1:6: read: connection reset by peer"),
      /cut in the middle/,
      /continues/,
    ],
    ["closed in the middle", net("EOF"), /cut in the middle/, /continues/],
    ["no name", net("dial tcp: lookup pbs.ecosolar.lan: no such host"), /cannot be reached: no such host/, /DNS/],
    [
      "foreign authority",
      net("tls: failed to verify certificate: x509: certificate signed by unknown authority"),
      /authority of the environment/,
      /fingerprint/,
    ],
    [
      "expired",
      net("x509: certificate has expired or is not yet valid: current time 2027-01-01T00:00:00Z is after 2026-12-01T00:00:00Z"),
      /not valid at this time.*2027/,
      /clocks/,
    ],
    [
      "other name",
      net("x509: certificate is valid for pbs, not 192.168.100.220"),
      /valid for pbs, not 192/,
      /endpoint that the certificate names/,
    ],
    [
      "wrong credential, PBS",
      { summary: "Read API returns 401", detail: "authentication failed" },
      /401 authentication failed/,
      /secrets set ecosolar --env production/,
    ],
    ["wrong credential, PVE", { summary: "Create API returns 401", detail: "" }, /does not accept the credential/, /secrets set/],
    [
      "missing right, PBS",
      { summary: "Create API returns 403", detail: "permission check failed" },
      /lacks a right.*403 permission check failed/,
      /and its user/,
    ],
    [
      "missing right, PVE",
      {
        summary: "Create API returns 403",
        detail: '{"data":null,"message":"Permission check failed (/pool/hx, Pool.Allocate)\\n"}',
      },
      /\(\/pool\/hx, Pool.Allocate\)/,
      /rights listed/,
    ],
    [
      "exists, PBS",
      { summary: "Create API returns 400", detail: "parameter verification failed - 'id': job 'critical' already exists." },
      /does not belong to this site's state/,
      /--adopt 'prune job critical'; otherwise rename/,
    ],
    [
      "exists, PVE storage",
      {
        summary: "Create API returns 500",
        detail: '{"data":null,"message":"create storage failed: storage ID \'pbs-backup\' already defined\\n"}',
      },
      /already defined/,
      /--adopt/,
    ],
    [
      "exists, PVE token",
      {
        summary: "Create API returns 400",
        detail: '{"data":null,"errors":{"tokenid":"Token already exists."},"message":"Parameter verification failed.\\n"}',
      },
      /tokenid: Token already exists/,
      /--adopt/,
    ],
    [
      "exists, with a number that is no status",
      { summary: "Create API returns 500", detail: '{"message":"VM 401 already exists on node pve1"}' },
      /VM 401 already exists/,
      /--adopt/,
    ],
    [
      "chunk store in the way",
      { summary: "Create: Polling failure", detail: "unable to create chunk store 'x' at \"/mnt\" - EEXIST: File exists" },
      /chunk store.*lie at the path/,
      /reuse: true/,
    ],
    [
      "failed worker",
      { summary: "Create: Polling failure", detail: 'unexpected status "No space left on device"' },
      /task failed.*No space left/,
      /log of the task/,
    ],
    ["stale plan", { summary: "Saved plan is stale" }, /changed since the plan/, /again/],
    ["protected object", { summary: "Instance cannot be destroyed" }, /holds data or keys/, /undo the change/],
    [
      "other providers",
      { summary: "Provider dependency changes detected" },
      /not those of the lock file/,
      /delete sites\/ecosolar\/locks/,
    ],
    ["moved backend", { summary: "Backend configuration changed" }, /lies in another place/, /--migrate-state/],
    [
      "plain state",
      { summary: "Error", detail: "encountered unencrypted payload without unencrypted method configured" },
      /state is not encrypted/,
      /state, that belong/,
    ],
    [
      "other passphrase",
      { summary: "Error", detail: "decryption failed for all provided methods" },
      /cannot be decrypted/,
      /state-passphrase|store of secrets/,
    ],
    [
      "unknown refusal",
      { summary: "Create API returns 400", detail: "parameter verification failed - 'keep-daily': Expected integer value." },
      /Expected integer value/,
      /continues/,
    ],
  ])("%s", (_name, diagnostic, what, repair) => {
    const [fault] = faultsOf({ address: ADDRESS, ...diagnostic });
    expect(fault?.what).toMatch(what);
    expect(fault?.repair).toMatch(repair);
    expect(fault?.where).toContain("backup-server prune job critical");
  });

  it.each<[string, Partial<EngineDiagnostic>, string]>([
    ["from the error of the connection", net("EOF"), "(POST https://192.168.100.220:8007/api2/json/config/prune)"],
    [
      "from the object, for an answer",
      { summary: "Create API returns 400", address: ADDRESS },
      "(POST https://192.168.100.220:8007/api2/json/config/prune)",
    ],
    [
      "with the object's own method",
      { summary: "Update API returns 400", address: ADDRESS },
      "(PATCH https://192.168.100.220:8007/api2/json/config/prune/critical)",
    ],
    ["as far as it is known", { summary: "Something else", address: ADDRESS }, "(https://192.168.100.220:8007/api2/json)"],
  ])("names the call %s", (_name, diagnostic, call) => {
    expect(faultsOf(diagnostic)[0]?.where).toBe(`backup-server prune job critical ${call}`);
  });

  const LOCK = `Error message: resource temporarily unavailable
Lock Info:
  ID:        1c6dea02-a06b-1ce8-7ff5-a31a14e8f1f2
  Path:      /state
  Operation: OperationTypeApply
  Who:       anna@bastion
  Version:   1.12.6
  Created:   2026-11-21 10:00:00 +0000 UTC
  Info:      `;

  it("names who holds a lock, since when, and how to release it", () => {
    const [fault] = faultsOf({ summary: "Error acquiring the state lock", detail: LOCK });
    expect(fault?.what).toContain("anna@bastion since 2026-11-21 10:00:00 +0000 UTC (OperationTypeApply");
    expect(fault?.repair).toContain("--release-lock backup-server=1c6dea02-a06b-1ce8-7ff5-a31a14e8f1f2");
  });

  it("does not take ourselves for the holder of a lock in PostgreSQL", () => {
    const detail = LOCK.replace("resource temporarily unavailable", "Workspace is already locked: default");
    const locked = failure([{ summary: "Error acquiring the state lock", detail }]);
    expect(explain(locked, CONTEXT).faults[0]?.what).toBe("the state is locked by another run");
    const [fault] = explain(locked, CONTEXT, "bastide apply ecosolar/production by anna").faults;
    expect(fault?.what).toBe("the state is locked by bastide apply ecosolar/production by anna");
    expect(JSON.stringify(fault)).not.toContain("anna@bastion");
  });

  it("tells a device that is down once, not once for each object", () => {
    const down = net("connect: connection refused");
    const faults = faultsOf(
      down,
      { ...down, address: "restful_resource.b" },
      { ...down, address: "restful_resource.c" },
      { summary: "Other" },
    );
    expect(faults).toHaveLength(2);
    expect(faults[0]?.where).toContain("and 2 more");
  });
});

describe("an end without a diagnostic", () => {
  it("says that the user stopped it, whatever the engine said meanwhile", () => {
    const [fault] = explain(failure([{ summary: "execution halted" }], { interrupted: true }), CONTEXT).faults;
    expect(fault).toMatchObject({ where: "ecosolar, production, backup-server", what: "stopped as you asked, during apply" });
  });

  it("says that somebody killed it", () => {
    const [fault] = explain(failure([], { signal: "SIGKILL" }), CONTEXT).faults;
    expect(fault).toMatchObject({ what: expect.stringContaining("SIGKILL"), repair: expect.stringContaining("continues") });
  });

  it("repeats what the engine wrote, explained where it is known", () => {
    expect(explain(failure([], { output: "panic: out of cheese" }), CONTEXT).faults[0]?.what).toContain("out of cheese");
    expect(explain(failure([], { output: "dial tcp: connection refused" }), CONTEXT).faults[0]?.what).toMatch(
      /refuses the connection/,
    );
  });
});
