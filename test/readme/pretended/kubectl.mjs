// A kubectl that only pretends: the test answers for the cluster (../pretended-cluster.ts).
import { request } from "node:http"; // starts much faster than fetch
import { text } from "node:stream/consumers";

const args = process.argv.slice(2);
const input = args.includes("-i") ? await text(process.stdin) : "";
const answer = await new Promise((resolve, reject) => {
  request(process.env.PRETENDED_CLUSTER, { method: "POST" }, resolve)
    .once("error", reject)
    .end(JSON.stringify({ args, input }));
});
const { code, stdout, stderr, forward } = JSON.parse(await text(answer));
if (stdout !== "") process.stdout.write(stdout);
if (stderr !== "") process.stderr.write(`${stderr}\n`);
if (forward === undefined) process.exitCode = code;
else {
  process.stdout.write(`Forwarding from 127.0.0.1:${forward} -> 1\n`);
  setInterval(() => undefined, 1000); // until it is killed
}
