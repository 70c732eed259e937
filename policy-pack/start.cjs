// Pulumi loads a policy pack with require() and a TypeScript loader of its own, which is too old for this project's modules.
module.exports = import("./start.mjs");
