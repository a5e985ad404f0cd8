import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { TOKEN_NAME } from "./formats";
import { newSecret } from "./hypervisor";
import { or } from "./permission";
import { refuse, refuseParameters, underLock } from "./refusal";
import type { AccessState, Token } from "./state";
import { DELETE, flag, integer, text } from "./table";
import { existingUser, USER_MODIFY, USERID, userId } from "./users";

const TOKENID = text({ pattern: TOKEN_NAME });
const OWN_OR_MODIFY = or({ kind: "self" }, USER_MODIFY);
const DATA = { "comment?": text(), "expire?": integer({ minimum: 0 }), "privsep?": flag() };
const PATH = "/access/users/{userid}/token/{tokenid}";

/** API tokens. 9.1.8 cannot issue a new secret for a token that exists. */
export function tokenEndpoints(): Endpoint[] {
  return [
    get("/access/users/{userid}/token", OWN_OR_MODIFY, { userid: USERID }, listTokens),
    get(PATH, OWN_OR_MODIFY, { userid: USERID, tokenid: TOKENID }, (call) => shown(existingToken(call.pve.state.access, call))),
    post(PATH, OWN_OR_MODIFY, { userid: USERID, tokenid: TOKENID, ...DATA }, createToken),
    put(PATH, OWN_OR_MODIFY, { userid: USERID, tokenid: TOKENID, ...DATA, "delete?": DELETE }, updateToken),
    del(PATH, OWN_OR_MODIFY, { userid: USERID, tokenid: TOKENID }, deleteToken),
  ];
}

function existingToken(access: AccessState, call: Call): Token {
  const id = userId(call);
  const name = call.text("tokenid");
  return existingUser(access, id).tokens[name] ?? refuse(`no such token '${name}' for user '${id}'`);
}

function shown({ secret: _, ...token }: Token): Omit<Token, "secret"> {
  return token;
}

function listTokens(call: Call): unknown {
  const user = existingUser(call.pve.state.access, userId(call));
  return Object.entries(user.tokens).map(([tokenid, token]) => ({ ...shown(token), tokenid }));
}

function createToken(call: Call): unknown {
  const id = userId(call);
  const name = call.text("tokenid");
  if (existingUser(call.pve.state.access, id).tokens[name] !== undefined) refuseParameters({ tokenid: "Token already exists." });
  const secret = newSecret();
  const comment = call.maybe("comment");
  call.pve.updateAccess((draft) => {
    existingUser(draft.access, id).tokens[name] = {
      privsep: call.flag("privsep") === false ? 0 : 1,
      expire: call.number("expire") ?? 0,
      ...(comment ? { comment } : {}),
      secret,
    };
  });
  return { "full-tokenid": `${id}!${name}`, value: secret, info: given(call, { privsep: 1 }) };
}

/** The product repeats what it was given as text, and its own defaults as numbers. */
function given(call: Call, defaults: Record<string, unknown>): Record<string, unknown> {
  const info: Record<string, unknown> = { ...defaults };
  for (const name of ["comment", "expire", "privsep"]) if (call.maybe(name)) info[name] = call.text(name);
  return info;
}

function updateToken(call: Call): unknown {
  const id = userId(call);
  const name = call.text("tokenid");
  existingToken(call.pve.state.access, call);
  return underLock("updating token info failed", () =>
    call.pve.updateAccess((draft) => {
      const token = existingToken(draft.access, call);
      const privsep = call.flag("privsep");
      if (privsep !== undefined) token.privsep = privsep ? 1 : 0;
      token.expire = call.number("expire") ?? token.expire;
      const comment = call.maybe("comment");
      if (comment !== undefined) token.comment = comment;
      for (const key of call.items("delete")) if (key !== "comment") refuseParameters({ delete: `unknown option '${key}'` });
      if (token.comment === "" || call.items("delete").includes("comment")) delete token.comment;
      existingUser(draft.access, id).tokens[name] = token;
      return given(call, shown(token));
    }),
  );
}

function deleteToken(call: Call): void {
  const id = userId(call);
  const name = call.text("tokenid");
  existingToken(call.pve.state.access, call);
  call.pve.updateAccess((draft) => {
    delete existingUser(draft.access, id).tokens[name];
    draft.access.acl = draft.access.acl.filter(({ ugid }) => ugid !== `${id}!${name}`);
  });
}
