import { X509Certificate } from "node:crypto";
import { type Report, StepFailure } from "../../../commands/script.ts";
import type { Fields, VaultClient } from "./client.ts";
import type { Authority } from "./operations.ts";

/** Keys of authorities: ECDSA on P-256, like those of the leaves. */
const key = { key_type: "ec", key_bits: 256 };

/**
 * A PKI engine's own authority. It is made once: an issuer that is there with its key stays, only its name and its being
 * the default are mended. An intermediate that was broken off on the way (key made, not signed yet) goes on with its key.
 *
 * @throws StepFailure when the engine has an authority of another name; that cannot be changed afterwards.
 */
export async function convergeAuthority(vault: VaultClient, wanted: Authority, report: Report): Promise<void> {
  const found = await ownIssuer(vault, wanted.mount);
  if (found === undefined) {
    if (wanted.signer === undefined) await makeRoot(vault, wanted);
    else await makeIntermediate(vault, wanted, wanted.signer);
    report(`authority "${wanted.commonName}" of ${wanted.mount}: made${by(wanted)}`);
  } else {
    sameSubject(wanted, found);
    report(`authority "${wanted.commonName}" of ${wanted.mount}: as it should be`);
  }
  await nameAndPrefer(vault, wanted, found ?? (await ownIssuer(vault, wanted.mount)), report);
}

interface OwnIssuer {
  readonly id: string;
  readonly name: string;
  readonly certificate: string;
}

/** The issuer whose key the engine holds; those of the chain above it have none. The default comes first. */
async function ownIssuer(vault: VaultClient, mount: string): Promise<OwnIssuer | undefined> {
  const ids = await vault.list(`${mount}/issuers`);
  if (ids.length === 0) return undefined;
  const preferred = (await vault.read(`${mount}/config/issuers`))?.default;
  for (const id of [...ids].sort((one, other) => Number(other === preferred) - Number(one === preferred))) {
    const issuer = (await vault.read(`${mount}/issuer/${id}`)) ?? {};
    if (typeof issuer.key_id === "string" && issuer.key_id !== "")
      return { id, name: String(issuer.issuer_name ?? ""), certificate: String(issuer.certificate) };
  }
  return undefined;
}

function makeRoot(vault: VaultClient, { mount, commonName, ttl, issuerName }: Authority): Promise<Fields> {
  return vault.write(`${mount}/root/generate/internal`, {
    common_name: commonName,
    ttl: `${ttl}s`,
    issuer_name: issuerName,
    ...key,
  });
}

async function makeIntermediate(vault: VaultClient, wanted: Authority, signer: string): Promise<void> {
  const { mount, commonName, ttl, maxPathLength } = wanted;
  const csr = await signingRequest(vault, wanted);
  const signed = await vault.write(`${signer}/root/sign-intermediate`, {
    csr,
    common_name: commonName,
    ttl: `${ttl}s`,
    format: "pem",
    ...(maxPathLength === undefined ? {} : { max_path_length: maxPathLength }),
  });
  // The whole chain goes in, or certificates signed later carry none of it.
  const chain = Array.isArray(signed.ca_chain) ? signed.ca_chain : [signed.issuing_ca];
  const bundle = [...new Set([signed.certificate, ...chain].map((pem) => String(pem).trim()))].join("\n");
  await vault.write(`${mount}/intermediate/set-signed`, { certificate: bundle });
}

/** A CSR for a key that stays inside the engine; an earlier attempt's key is used again. */
async function signingRequest(vault: VaultClient, { mount, commonName, issuerName }: Authority): Promise<string> {
  const keyName = `${issuerName}-key`;
  const request = { common_name: commonName };
  const keys = await vault.list(`${mount}/keys`);
  const names = await Promise.all(keys.map(async (id) => (await vault.read(`${mount}/key/${id}`))?.key_name));
  const { csr } = names.includes(keyName)
    ? await vault.write(`${mount}/intermediate/generate/existing`, { ...request, key_ref: keyName })
    : await vault.write(`${mount}/intermediate/generate/internal`, { ...request, key_name: keyName, ...key });
  if (typeof csr !== "string") throw new StepFailure(`Vault made no signing request for ${mount}`);
  return csr;
}

/** Vault does not tell an issuer's subject; its certificate does. */
function sameSubject({ mount, commonName }: Authority, { certificate }: OwnIssuer): void {
  const [, subject] = /^CN=(.*)$/m.exec(new X509Certificate(certificate).subject) ?? [];
  if (subject === undefined || subject === commonName) return;
  throw new StepFailure(
    `the authority of ${mount} is called "${subject}" and was signed so; it cannot become "${commonName}". Set learn:vault.pki.${mount}.commonName back, or declare a new mount for the new authority`,
  );
}

async function nameAndPrefer(
  vault: VaultClient,
  { mount, issuerName }: Authority,
  issuer: OwnIssuer | undefined,
  report: Report,
): Promise<void> {
  if (issuer === undefined) throw new StepFailure(`${mount} has no issuer with a key although one was just made`);
  if (issuer.name !== issuerName) {
    const current = (await vault.read(`${mount}/issuer/${issuer.id}`)) ?? {};
    await vault.write(`${mount}/issuer/${issuer.id}`, { ...kept(current), issuer_name: issuerName });
    report(`issuer of ${mount}: named ${issuerName}`);
  }
  if ((await vault.read(`${mount}/config/issuers`))?.default !== issuer.id) {
    await vault.write(`${mount}/config/issuers`, { default: issuer.id });
    report(`issuer of ${mount}: made the default`);
  }
}

/** Writing an issuer resets what is left out. */
function kept({ leaf_not_after_behavior, usage, manual_chain }: Fields): Fields {
  return Object.fromEntries(
    Object.entries({ leaf_not_after_behavior, usage, manual_chain }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  );
}

function by({ signer }: Authority): string {
  return signer === undefined ? ", self-signed" : `, signed by ${signer}`;
}
