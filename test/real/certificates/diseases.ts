import { mergePatch } from "../../../components/stack/merge-patch.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Wanted } from "../../support/diagnosis.ts";
import type { At, Changes } from "../live/changes.ts";
import type { VaultApi } from "../vault/vault-api.ts";

/** Something that keeps the certificate of mango in learn-05 from being made, and what the doctor must say of it. */
export interface CertificateDisease {
  readonly title: string;
  readonly make: (changes: Changes, vault: VaultApi) => Promise<void>;
  readonly wanted: Pick<Wanted, "from" | "status" | "meaning" | "next" | "trouble">;
}

const ISSUER: At = ["cert-manager.io/v1", "Issuer", "mango", "mango-issuer"];
const CERTIFICATE: At = ["cert-manager.io/v1", "Certificate", "mango", "mango-https-tls"];
const LOGIN = "auth/kubernetes/role/mango-issuer";

/** Whether the Issuer says it, too, depends on when cert-manager looks at it next. */
const byEither = { from: "", next: /describe (issuer|certificaterequest) mango-/ };
const byIssuer = { from: "Issuer mango/mango-issuer", next: /describe issuer mango-issuer/ };
const byRequest = {
  from: "CertificateRequest mango/mango-https-tls-",
  next: /describe certificaterequest mango-https-tls-\d/,
};

export const certificateDiseases: readonly CertificateDisease[] = [
  {
    title: "cert-manager may not mint a token for the issuer's account",
    make: (changes) => changes.remove(["rbac.authorization.k8s.io/v1", "RoleBinding", "mango", "mango-issuer-token"]),
    wanted: {
      ...byEither,
      status: /cannot create resource "serviceaccounts\/token"/,
      meaning: /may not mint a token/,
      trouble: "T7",
    },
  },
  {
    title: "the issuer's account is not there",
    make: (changes) => changes.remove(["v1", "ServiceAccount", "mango", "mango-issuer"]),
    wanted: {
      ...byEither,
      status: /serviceaccounts "mango-issuer" not found/,
      meaning: /logs in as a ServiceAccount that is not there/,
      trouble: "T7",
    },
  },
  {
    title: "the issuer logs in with a role that Vault does not know",
    make: (changes) => changes.change(ISSUER, inVault({ auth: { kubernetes: { role: "other" } } })),
    wanted: {
      ...byIssuer,
      status: /invalid role name "other"/,
      meaning: /Vault knows no role of that name/,
      trouble: "T6",
    },
  },
  {
    title: "Vault's role demands another audience",
    make: (changes, vault) => changeLogin(changes, vault, { audience: "other" }),
    wanted: { ...byEither, status: /invalid audience/, meaning: /demands another audience/, trouble: "T6" },
  },
  {
    title: "Vault's role is bound to another account",
    make: (changes, vault) => changeLogin(changes, vault, { bound_service_account_names: ["other"] }),
    wanted: { ...byEither, status: /service account name not authorized/, meaning: /refuses the login/, trouble: "T6" },
  },
  {
    title: "the issuer signs by a path that its policy does not allow",
    make: (changes) => changes.change(ISSUER, inVault({ path: "pki_int/sign/other" })),
    wanted: { ...byRequest, status: /permission denied/, meaning: /its policy allows another path/, trouble: "T6" },
  },
  {
    title: "the role in Vault does not allow a name",
    make: (changes) => changes.change(CERTIFICATE, merging({ dnsNames: ["mango.elsewhere.org"] })),
    wanted: { ...byRequest, status: /not allowed by this role/, meaning: /does not allow a name/, trouble: "T10" },
  },
  {
    title: "the issuer's CA bundle holds no certificate",
    make: (changes) => changes.change(ISSUER, inVault({ caBundle: btoa("no certificate"), caBundleSecretRef: null })),
    wanted: { ...byIssuer, status: /no Vault CA bundles loaded/, meaning: /wrong CA bundle/, trouble: "T10" },
  },
  {
    title: "Vault cannot be reached under the issuer's address",
    make: (changes) => changes.change(ISSUER, inVault({ server: "https://vault-activ.vault.svc:8200" })),
    wanted: {
      ...byIssuer,
      status: /lookup vault-activ\.vault\.svc/,
      meaning: /cannot reach the authority/,
      trouble: "T11",
    },
  },
];

function merging(spec: object) {
  return (object: KubeObject): void => {
    object.spec = mergePatch(object.spec, spec);
  };
}

const inVault = (vault: object) => merging({ vault });

/** Changes the role by which the issuer logs in to Vault. */
async function changeLogin(changes: Changes, vault: VaultApi, changed: object): Promise<void> {
  const { data } = (await vault.get(LOGIN)).body;
  await vault.post(LOGIN, { ...data, ...changed });
  changes.onUndo(() => vault.post(LOGIN, data));
}
