// Preloaded by Pulumi.yaml's nodeargs. Node's util.inspect with colors takes up to a minute on stack frames below
// node_modules/@scope (nodejs/node#64011), and Pulumi's runtime prints every failure that way. Errors are therefore
// inspected without colors; everything else is untouched.
const util = require("node:util");
const inspect = util.inspect;
const plain = (value, options, ...rest) =>
  value instanceof Error && typeof options === "object" ? inspect(value, { ...options, colors: false }) : inspect(value, options, ...rest);
util.inspect = Object.assign(plain, inspect);
