/*
 * Run by realNames.test.ts in a process of its own: sets the blueprint up under AWS's real names, through the
 * proxy and with the CA that the environment names. Prints one line of JSON.
 */
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { apply, createAccess, identify, observe } from "../../../../src/aws/index.ts";
import { blueprint } from "../../../../src/core/blueprint/index.ts";
import { plan } from "../../../../src/core/plan/index.ts";
import { noMfa, RUN, setupFor } from "./bench.ts";

// Whatever is wrong with the proxy settings, no name is ever looked up: what goes past the proxy ends here.
const lookedUp: string[] = [];
Object.assign(dns, {
  lookup: (name: string, _options: unknown, done: (error: Error) => void) => {
    lookedUp.push(name);
    done(Object.assign(new Error("no names here"), { code: "ENOTFOUND" }));
  },
});
syncBuiltinESMExports();

const [hub = "", sub = ""] = process.argv.slice(2);
const env = process.env;
const identified = await identify({ profile: "hub", env, mfaCode: noMfa });
const access = createAccess({ env, mfaCode: noMfa });
const resources = blueprint(setupFor({ hub, sub }), RUN);
const outcome = identified.ok
  ? await apply(plan(resources, await observe(resources, access)), access)
  : undefined;
process.stdout.write(`${JSON.stringify({ identified, status: outcome?.status, lookedUp })}\n`);
