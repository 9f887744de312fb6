// Runs a script with the project's own Node, after installing what package-lock.json names where it is not
// installed yet. It imports nothing of the project, so that it runs on a fresh clone with any Node from 20.19 on.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [script, ...args] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer and try again.`);
}
if (script === undefined) fail("Usage: node scripts/bootstrap.mjs SCRIPT [ARGUMENT ...]");
if (!isInstalled()) await install();

const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
if (!existsSync(node)) fail("The project's own Node is missing: remove node_modules and try again.");
const bin = join(root, "node_modules", ".bin");
const separator = process.platform === "win32" ? ";" : ":";
process.exit(
  await run(node, [script, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${separator}${process.env["PATH"] ?? ""}` },
  }),
);

/** Runs a program and waits for it: it ends what it started and then itself. Gives back its exit code. */
function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        // A terminal's Ctrl-C reaches the whole group; a signal sent to this process alone is passed on.
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      });
    }
    // npm passes a SIGTERM to its shell, which ends without a word to us.
    const parent = process.ppid;
    const orphaned = () => {
      if (process.env["npm_lifecycle_event"] !== undefined && process.ppid !== parent) child.kill("SIGTERM");
    };
    setInterval(orphaned, 250).unref();
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    child.on("error", (error) => fail(`${program} could not be started: ${error.message}`));
  });
}

/** Whether what is installed is what the lock file names: npm notes that in a lock file of its own. */
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = packages(join(root, "package-lock.json"));
  const found = packages(installed);
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || found[path]?.version === entry.version,
  );
}

function packages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

async function install() {
  console.error("Installing the project's packages (once, about a minute) …");
  // npm run hands its own settings down; the nested npm is to have the user's instead.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)),
  );
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const code = await run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
    shell: process.platform === "win32",
  });
  if (code !== 0) fail("npm could not install the packages: see its message above, then try again.");
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
