import type { Account, Principal, World } from "./model.ts";
import type { Params } from "./params.ts";
import type { XmlObject } from "./xml.ts";

/** One call that passed authentication. `account` is the caller's, in which IAM actions act. */
export type Call = {
  readonly world: World;
  readonly account: Account;
  readonly principal: Principal;
  readonly params: Params;
  readonly userAgent: string;
};

/** What an action does: its result, or nothing for an action that answers with metadata only. */
export type Handler = (call: Call) => XmlObject | undefined;

/** Handlers by action name. */
export type Handlers = Readonly<Record<string, Handler>>;
