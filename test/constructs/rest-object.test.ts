import { TerraformStack, Testing } from "../../constructs/core";
import { proxmoxDevice } from "../../constructs/proxmox/proxmox-device";
import { RestObject, type RestObjectProps } from "../../constructs/rest-object";
import { keyRemovedByHand, keySetByHand, memberOf, readSelector } from "../../constructs/rest-selector";
import type { StackFile } from "../stacks/samples";

type Given = Partial<Omit<RestObjectProps, "device">>;

/** The attributes of an object that is declared with these props, in a collection of things with an id and a comment. */
function declared(props: Given): Readonly<Record<string, unknown>> {
  const stack = new TerraformStack(Testing.app(), "stack");
  const device = proxmoxDevice(stack, {
    product: "backup-server",
    name: "pbs",
    idPrefix: ["pbs"],
    url: "https://127.0.0.1:1",
    token: "token",
    caFile: "ca.pem",
  });
  const body = { id: "one", comment: "ours" };
  new RestObject(stack, "thing", ["one"], {
    device,
    collection: "/things",
    key: ["id", "one"],
    body,
    createOnly: ["id"],
    ...props,
  });
  const file = JSON.parse(Testing.synth(stack)) as StackFile;
  return file.resource.restful_resource?.thing__pbs__one ?? {};
}

describe("an object of a device", () => {
  it("is posted to its list, looked up in it, and changed and deleted below it", () => {
    expect(declared({})).toMatchObject({
      path: "/things",
      read_path: "/things",
      read_selector: 'data.#(id=="one")',
      update_path: "/things/one",
      delete_path: "/things/one",
      provider: "restful.device__pbs",
    });
  });

  it("follows every other write to its device", () => {
    const mutex = [{ mutex: "pbs" }];
    expect(declared({})).toMatchObject({ precheck_create: mutex, precheck_update: mutex, precheck_delete: mutex });
  });

  it("keeps nothing of the answer to its creation, which may carry a secret", () => {
    expect(declared({})).toMatchObject({ create_selector: "{}", output_attrs: ["id"] });
  });

  it("leaves create-only keys out of updates, and is replaced when one changes", () => {
    const found = declared({ body: { id: "one", place: "here", comment: "ours" }, createOnly: ["id", "place"] });
    expect(found.update_body_patches).toEqual([
      { path: "id", removed: true },
      { path: "place", removed: true },
    ]);
    expect(found.force_new_attrs).toEqual(["id", "place"]);
  });

  it("supplies what the device leaves out while it has its default", () => {
    const found = declared({ body: { id: "one", disable: false, comment: "ours" }, defaults: { disable: false } });
    expect(found.read_selector).toBe('data.#(id=="one").[!{"disable":false},@this]|@join');
  });

  it("removes what it does not set, and shows it in place of the comment while it is there", () => {
    const found = declared({ body: { id: "one", limit: 3, comment: "ours" }, deletable: ["limit", "ns", "max-depth"] });
    expect(found.read_selector).toBe('data.#(id=="one").[@this,{"comment":{ns,max-depth}.@keys.0}]|@join');
    expect(found.update_body_patches).toContainEqual({ path: "delete", raw_json: '["ns","max-depth"]' });
  });

  it("writes the names to remove as one string where the device wants that", () => {
    const found = declared({ deletable: ["nodes", "pool"], deleteAs: "string" });
    expect(found.update_body_patches).toContainEqual({ path: "delete", raw_json: '"nodes,pool"' });
  });

  it("removes nothing where all that can be removed is set", () => {
    const found = declared({ body: { id: "one", ns: "a", comment: "ours" }, deletable: ["ns"] });
    expect(found.read_selector).toBe('data.#(id=="one")');
    expect(found.update_body_patches).toEqual([{ path: "id", removed: true }]);
  });

  it("that always exists is created by an update, which removes at once, and is left as it is", () => {
    const body = { search: "lan" };
    const found = declared({
      body,
      createOnly: [],
      select: "data",
      witness: "search",
      deletable: ["dns3"],
      methods: { create: "PUT", delete: "PUT" },
      deleteBody: body,
    });
    expect(found).toMatchObject({ create_method: "PUT", delete_method: "PUT", delete_body: body });
    expect(found).toMatchObject({ body: { search: "lan", delete: ["dns3"] }, write_only_attrs: ["delete"] });
    expect(found.update_body_patches).toBeUndefined();
  });

  it("does not send keys that are undefined", () => {
    expect(declared({ body: { id: "one", ns: undefined, comment: "ours" } }).body).toEqual({ id: "one", comment: "ours" });
  });

  it("does not compare what the device never answers, nor is it replaced for it", () => {
    const body = { id: "one", reuse: true, comment: "ours" };
    const found = declared({ body, createOnly: ["id", "reuse"], unread: ["reuse"] });
    expect(found).toMatchObject({ write_only_attrs: ["reuse"], force_new_attrs: ["id"] });
  });

  it("hands secrets over beside the body", () => {
    const found = declared({ secrets: { password: "reference" } });
    expect(found.ephemeral_body).toEqual({ password: "reference" });
    expect(found.body).not.toHaveProperty("password");
  });

  it("is polled by the list of tasks where a task makes it", () => {
    expect(declared({ tasks: { create: "make", delete: "drop" } })).toMatchObject({
      poll_create: {
        url_locator: "exact./nodes/localhost/tasks?typefilter=make&limit=50",
        status_locator: 'body.data.#(worker_id=="one").[!{"status":"running"},@this]|@join|status',
        status: { success: "OK", pending: ["running"] },
      },
      poll_delete: { url_locator: "exact./nodes/localhost/tasks?typefilter=drop&limit=50" },
    });
  });

  it("may be protected from destruction", () => {
    expect(declared({ protect: true }).lifecycle).toEqual({ prevent_destroy: true });
    expect(declared({ protect: false })).not.toHaveProperty("lifecycle");
  });

  it("keeps text of the model from being evaluated by the engine", () => {
    const found = declared({ body: { id: "one", comment: "a ${b} %{c} $d", list: ["${e}"] }, readQuery: { descr: "${f}" } });
    expect(found.body).toEqual({ id: "one", comment: "a $${b} %%{c} $d", list: ["$${e}"] });
    expect(found.read_query).toEqual({ descr: ["$${f}"] });
  });
});

describe("a declaration that would hide a change made by hand", () => {
  it.each<[string, Given]>([
    ["a default whose key is not declared", { defaults: { disable: false } }],
    ["a create-only key that is not declared", { createOnly: ["store"] }],
    ["nowhere to show keys set by hand", { body: { id: "one" }, deletable: ["ns"] }],
  ])("is refused: %s", (_name, props) => {
    expect(() => declared(props)).toThrow(/not in the body/);
  });
});

describe("a selector", () => {
  it("quotes what it looks for", () => {
    expect(memberOf("data", ["descr", 'say "hi" \\'])).toBe('data.#(descr=="say \\"hi\\" \\\\")');
  });

  it("applies each condition to what the one before left", () => {
    expect(memberOf("data", ["a", "1"], ["b", "2"], ["c", "3"])).toBe('data.#(a=="1")#|#(b=="2")#|#(c=="3")');
  });

  it("is the bare look-up where nothing is to be added", () => {
    expect(readSelector({ select: "data", defaults: {}, derived: {}, unwanted: [], expected: [], witness: "comment" })).toBe(
      "data",
    );
  });

  it("keeps a missing object missing: a dot, not a pipe, stands before what is added", () => {
    const selector = readSelector({
      select: "data.x",
      defaults: { a: 1 },
      derived: { place: "id" },
      unwanted: [],
      expected: [],
      witness: "",
    });
    expect(selector).toBe('data.x.[!{"a":1},@this,{"place":id}]|@join');
  });
});

describe("a key of ours that somebody else has removed", () => {
  const given = { select: "data", defaults: {}, derived: {}, unwanted: [], expected: ["encryption-key"], witness: "content" };
  const selector = readSelector(given);

  it("is looked for, and known by its name in place of the witness", () => {
    expect(selector).toBe('data.[@this,{"content":[@this].#(encryption-key==~null).!"no encryption-key"}]|@join');
    expect(keyRemovedByHand(selector, "content", "no encryption-key")).toBe("encryption-key");
  });

  it("is not taken from a witness that was changed, from another key, or from an object that may lack it", () => {
    expect(keyRemovedByHand(selector, "content", "no password")).toBeUndefined();
    expect(keyRemovedByHand(selector, "content", "backup,iso")).toBeUndefined();
    expect(keyRemovedByHand(selector, "storage", "no encryption-key")).toBeUndefined();
    const other = readSelector({ ...given, expected: [] });
    expect(keyRemovedByHand(other, "content", "no encryption-key")).toBeUndefined();
  });

  it("does not hide a key that somebody has set", () => {
    const both = readSelector({ ...given, unwanted: ["nodes"] });
    expect(keySetByHand(both, "content", "nodes")).toBe("nodes");
    expect(keyRemovedByHand(both, "content", "no encryption-key")).toBe("encryption-key");
  });
});

describe("a key that somebody else has set", () => {
  const selector = readSelector({
    select: "data",
    defaults: {},
    derived: {},
    unwanted: ["ns", "max-depth"],
    expected: [],
    witness: "comment",
  });

  it("is known by its name in place of the comment", () => {
    expect(keySetByHand(selector, "comment", "max-depth")).toBe("max-depth");
  });

  it("is not taken from a comment that was changed, from another key, or from an object without such keys", () => {
    expect(keySetByHand(selector, "comment", "max")).toBeUndefined();
    expect(keySetByHand(selector, "comment", null)).toBeUndefined();
    expect(keySetByHand(selector, "store", "ns")).toBeUndefined();
    expect(keySetByHand("data", "comment", "ns")).toBeUndefined();
  });
});
