// Behaves like the engine as far as the runner can see it: subcommands, exit codes, events, files. What it shall do is in
// `fake.json` beside the stack; what it was given is appended to the file that FAKE_ENGINE_RECORD names.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

class Exit extends Error {}

/**
 * @param {{argv: string[], env: Record<string, string | undefined>, cwd: string, cmdline: string[], pid: number,
 *   input?: string, out: (line: string) => void, err: (line: string) => void, onInterrupt: (listener: () => void) => void}} run
 * @returns {Promise<number | "killed">} exit code
 */
export async function fakeEngine(run) {
  try {
    return await execute(run);
  } catch (error) {
    if (error instanceof Exit) return error.message === "killed" ? "killed" : Number(error.message);
    throw error;
  }
}

async function execute({ argv, env, cwd, cmdline, pid, out, err, onInterrupt, input }) {
  let exitCode = 0;
  const exit = (code) => {
    throw new Exit(String(code));
  };
  const here = (name) => resolve(cwd, name);
  const [command, ...args] = argv;
  const json = (file, otherwise) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : otherwise);
  const script = json(here("fake.json"), {});
  const data = env.TF_DATA_DIR;
  const environment = Object.fromEntries(Object.entries(env).filter(([name]) => /^(TF_|SSL_|CHECKPOINT|BASTIDE_|PG)/.test(name)));
  if (env.FAKE_ENGINE_RECORD) {
    const started = Date.now();
    appendFileSync(env.FAKE_ENGINE_RECORD, `${JSON.stringify({ command, args, cmdline, environment, cwd, pid, started })}\n`);
  }

  const say = (event) => out(JSON.stringify(event));
  const fail = (diagnostic) => {
    say({ "@level": "error", type: "diagnostic", diagnostic: { severity: "error", detail: "", ...diagnostic } });
    exit(1);
  };
  const about = (address, action, more = {}) => ({ resource: { addr: address }, action, ...more });
  const option = (name) => args.find((arg) => arg.startsWith(`-${name}=`))?.slice(name.length + 2);
  const options = (name) => args.filter((arg) => arg.startsWith(`-${name}=`)).map((arg) => arg.slice(name.length + 2));

  const stateFile = () => json(join(data, "backend.json"), { path: "missing.tfstate" }).path;
  const readState = () => json(stateFile(), { objects: {} });
  const writeState = (state) => writeFileSync(stateFile(), JSON.stringify(state));
  const declared = () => {
    const { resource = {} } = json(here("cdk.tf.json"), {});
    return Object.fromEntries(
      Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, value]) => [`${type}.${name}`, value]),
      ),
    );
  };

  function changes() {
    const { objects } = readState();
    if (args.includes("-destroy")) {
      const spared = options("exclude");
      const only = options("target");
      return Object.keys(objects)
        .filter((address) => !spared.includes(address) && (only.length === 0 || only.includes(address)))
        .map((address) => ({ address, actions: ["delete"], before: { body: objects[address].body }, after: null }));
    }
    const wanted = declared();
    const list = [];
    for (const [address, { body }] of Object.entries(wanted)) {
      const present = objects[address];
      if (!present) list.push({ address, actions: ["create"], before: null, after: { ...wanted[address] } });
      else if (JSON.stringify(present.body) !== JSON.stringify(body))
        list.push({ address, actions: ["update"], before: { body: present.body }, after: { body } });
      else if (script.neverSettles?.includes(address))
        list.push({ address, actions: ["update"], before: { body: { ...body, value: "device" } }, after: { body } });
      else if (present.repeats > 0) list.push({ address, actions: ["update"], before: { body }, after: { body } });
    }
    for (const address of Object.keys(objects))
      if (!wanted[address]) list.push({ address, actions: ["delete"], before: { body: objects[address].body }, after: null });
    return list;
  }

  const commands = {
    init() {
      mkdirSync(data, { recursive: true });
      const path = option("backend-config")?.replace(/^path=/, "") ?? "backend.tfstate";
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(join(data, "backend.json"), JSON.stringify({ path }));
      if (script.initFails) fail(script.initFails);
      if (script.initFailsOnce && !existsSync(join(data, "failed-once"))) {
        writeFileSync(join(data, "failed-once"), "");
        fail(script.initFailsOnce);
      }
      if (args.includes("-lockfile=readonly")) {
        if (!readFileSync(here(".terraform.lock.hcl"), "utf8").includes(script.providerVersion ?? "0.25.2"))
          fail({ summary: "Provider dependency changes detected" });
      } else if (!existsSync(here(".terraform.lock.hcl"))) {
        const version = script.providerVersion ?? "0.25.2";
        writeFileSync(
          here(".terraform.lock.hcl"),
          `provider "registry.terraform.io/magodo/restful" {\n  version     = "${version}"\n}\n`,
        );
      }
    },
    async plan() {
      if (script.planFails) fail(script.planFails);
      if (script.planTakesMs) await new Promise((resolve) => setTimeout(resolve, script.planTakesMs));
      const list = changes();
      writeFileSync(option("out"), JSON.stringify({ list, base: JSON.stringify(readState()) }));
      for (const { address, actions } of list) say({ type: "planned_change", change: about(address, actions[0]) });
      exitCode = list.length > 0 ? 2 : 0;
    },
    show() {
      const file = args.find((arg) => !arg.startsWith("-"));
      if (file === undefined) {
        const resources = Object.entries(readState().objects).map(([address, { tainted }]) => ({
          address,
          tainted: tainted === true,
        }));
        out(JSON.stringify({ values: { root_module: { resources } } }));
        return;
      }
      const { list } = JSON.parse(readFileSync(file, "utf8"));
      const resource_changes = list.map(({ address, ...change }) => ({ address, type: address.split(".")[0], change }));
      const shown = JSON.stringify({ resource_changes });
      out(script.showIsCutOff ? shown.slice(0, -3) : shown);
    },
    async apply() {
      const file = args.find((arg) => !arg.startsWith("-"));
      const { list, base } = JSON.parse(readFileSync(file, "utf8"));
      if (base !== JSON.stringify(readState())) fail({ summary: "Saved plan is stale" });
      let stopped = false;
      let failed;
      onInterrupt(() => {
        appendFileSync(env.FAKE_ENGINE_RECORD ?? "/dev/null", `${JSON.stringify({ signal: "SIGINT" })}\n`);
        if (stopped && !script.ignoresForce) exit(1);
        stopped = true;
      });
      for (const { address, actions, after } of list) {
        if (stopped) break;
        say({ type: "apply_start", hook: about(address, actions[0]) });
        await new Promise((resolve) => setTimeout(resolve, script.slowMs?.[address] ?? 0));
        const fault = script.applyFails?.[address];
        if (fault) {
          say({ type: "apply_errored", hook: about(address, actions[0], { elapsed_seconds: 1 }) });
          failed = { address, ...fault };
          break;
        }
        if (script.dieAt === address) exit("killed");
        const state = readState();
        if (actions[0] === "delete") delete state.objects[address];
        else {
          const before = state.objects[address];
          const repeats = before?.repeats > 0 ? before.repeats - 1 : (script.repeats?.[address] ?? 0);
          state.objects[address] = { body: after.body, repeats };
        }
        writeState(state);
        say({ type: "apply_complete", hook: about(address, actions[0], { elapsed_seconds: 1 }) });
      }
      if (failed) fail(failed);
      if (stopped) fail({ summary: "execution halted" });
      say({ type: "change_summary", changes: { add: list.length, change: 0, remove: 0, operation: "apply" } });
    },
    state() {
      const { objects, serial = 1 } = readState();
      if (args[0] === "list") return out(Object.keys(objects).join("\n"));
      if (args[0] === "pull") {
        const resources = Object.entries(objects).map(([address, { attributes = {} }]) => {
          const [type, name] = address.split(".");
          return { mode: "managed", type, name, instances: [{ attributes }] };
        });
        return out(JSON.stringify({ serial, resources }));
      }
      const pushed = JSON.parse(args.at(-1) === "-" ? input : readFileSync(args.at(-1), "utf8"));
      for (const { type, name, instances } of pushed.resources) objects[`${type}.${name}`].attributes = instances[0].attributes;
      writeState({ objects, serial: pushed.serial });
    },
    untaint() {
      const state = readState();
      delete state.objects[args.at(-1)].tainted;
      writeState(state);
    },
    import() {
      const [address, id] = args.slice(-2);
      if (!script.onDevice?.includes(address)) {
        err("Error: Cannot import non-existent remote object");
        exit(1);
      }
      const state = readState();
      state.objects[address] = { body: declared()[address].body, importedBy: id };
      writeState(state);
    },
  };

  await commands[command]();
  return exitCode;
}
