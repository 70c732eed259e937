// Preloaded by Pulumi.yaml's nodeargs. Node's util.inspect with colors takes up to a minute on stack frames below
// node_modules/@scope (nodejs/node#64011), and Pulumi's runtime prints every failure that way. Errors are therefore
// inspected without colors; everything else is untouched.
const util = require("node:util");
const inspect = util.inspect;
const plain = (value, options, ...rest) =>
  value instanceof Error && typeof options === "object"
    ? inspect(value, { ...options, colors: false })
    : inspect(value, options, ...rest);
util.inspect = Object.assign(plain, inspect);

// Pulumi's runtime notes a stack trace for every promise and every resource, only to show it when promises leak, and
// source-map-support, which it loads, maps each frame of it: a quarter of the time that planning a stack takes. Those
// two kinds of traces are left out; every error's own stack is mapped as before.
const NOTED_BY_PULUMI = new Set(["debuggablePromise", "callsites"]);
let mapper;
const prepared = new WeakSet();
const unlessNoted = (map) => {
  const prepare = (error, frames) => {
    const [top] = frames;
    const noted = NOTED_BY_PULUMI.has(top?.getFunctionName()) && /@pulumi[\\/]pulumi/.test(top?.getFileName() ?? "");
    return noted ? String(error) : map(error, frames);
  };
  prepared.add(prepare);
  return prepare;
};
Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  // Without a mapper Node's own way of preparing a stack is left alone.
  get: () => mapper,
  set: (map) => {
    mapper = typeof map !== "function" || prepared.has(map) ? map : unlessNoted(map);
  },
});
