#!/usr/bin/env node
// Stands in for minikube, because no node can be started here: every call is handed to the test, which starts the real
// API server with the flags and files that minikube would have given it.
const answer = await fetch(process.env.LAB_MINIKUBE, { method: "POST", body: JSON.stringify(process.argv.slice(2)) });
const { code, stdout, stderr } = await answer.json();
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
