import { derive } from './deferred.js';

/** Kinds of registries that Harbor copies to and fetches from, in Harbor's words. */
export type RegistryType =
  | 'harbor'
  | 'docker-hub'
  | 'docker-registry'
  | 'aws-ecr'
  | 'huawei-SWR'
  | 'azure-acr'
  | 'google-gcr'
  | 'ali-acr'
  | 'github-ghcr'
  | 'gitlab'
  | 'jfrog-artifactory'
  | 'quay'
  | 'tencent-tcr'
  | 'volcengine-cr';

/** A registry outside the topology. */
export interface RemoteRegistry {
  readonly type: RegistryType;
  /** Such as `https://registry.example.net`. */
  readonly url: string;
  /** User name or access key. @default - anonymous; for `aws-ecr` the role of core's and jobservice's pods */
  readonly username?: string;
  /** Secret in Harbor's namespace with the password, or the secret key, under `password`. */
  readonly passwordSecret?: string;
  /** PEM of a private CA; Harbor 2.15. @default - a public CA */
  readonly ca?: string;
  /** The certificate is not checked. @default false */
  readonly insecure?: boolean;
  /** What stands before the names of repositories there, such as an organisation. @default - nothing: they are called the same */
  readonly namespace?: string;
  /** Levels of a name that the namespace stands for: 1 replaces the project. @default 0 */
  readonly stripLevels?: number;
  /**
   * `aws-ecr` without `username`: ARN of the IAM role that core and jobservice take on EKS (IRSA), the same for all ECR registries of
   * a Harbor. @default - EKS Pod Identity of the accounts `<instance>-core` and `<instance>-jobservice`, or the role of the nodes
   */
  readonly role?: string;
}

/** What images are called in a registry outside. */
export type RegistryNaming = Pick<RemoteRegistry, 'namespace' | 'stripLevels'>;
/** Who logs in to a registry that lets nobody in without. */
export type RegistryLogin = RegistryNaming & Required<Pick<RemoteRegistry, 'username' | 'passwordSecret'>>;
/** Who logs in to a registry where anyone may pull. Copies to it need both. */
export type RegistryAccess = RegistryNaming & Pick<RemoteRegistry, 'username' | 'passwordSecret'>;
/** A registry at an address of its own. */
export type RegistryServer = RegistryAccess & Pick<RemoteRegistry, 'url' | 'ca' | 'insecure'>;

/** A registry outside the topology: one of these factories. */
export const RemoteRegistry = {
  /** A Harbor of someone else: a robot account that may pull and push, in projects that are there. */
  harbor: (props: RegistryServer): RemoteRegistry => ({ type: 'harbor', ...props }),
  /** Docker Hub: a user name and an access token. `namespace` is the user or organisation (else the project's name is one). */
  dockerHub: (props: RegistryAccess = {}): RemoteRegistry => ({
    type: 'docker-hub',
    url: 'https://hub.docker.com',
    ...props,
  }),
  /** Any registry of the OCI distribution API. */
  generic: (props: RegistryServer): RemoteRegistry => ({ type: 'docker-registry', ...props }),
  /** A Docker repository of Nexus, at the port or host of its connector: a user and a password, or a user token. */
  nexus: (props: RegistryServer): RemoteRegistry => ({ type: 'docker-registry', ...props }),
  /**
   * Amazon ECR. By role without any key; or with an access key as `username`, and its secret. The role needs what a push to ECR
   * needs, and `ecr:CreateRepository`: repositories come into being by themselves.
   */
  ecr: ({
    region,
    ...props
  }: RegistryNaming & { readonly region: string } & (
      | Pick<RemoteRegistry, 'role'>
      | RegistryLogin
    )): RemoteRegistry => ({
    type: 'aws-ecr',
    url: derive(region, (known) => `https://api.ecr.${known}.amazonaws.com${known.startsWith('cn-') ? '.cn' : ''}`),
    ...props,
  }),
  /** Huawei SWR. `username` is `<region>@<access key>`, the password its login key, `namespace` an organisation (else the project's name is one). */
  swr: ({ region, ...props }: RegistryLogin & { readonly region: string }): RemoteRegistry => ({
    type: 'huawei-SWR',
    url: `https://swr.${region}.myhuaweicloud.com`,
    ...props,
  }),
  /** Azure Container Registry by its name: a service principal, or a token of the registry, that may push. */
  acr: ({ name, ...props }: RegistryLogin & { readonly name: string }): RemoteRegistry => ({
    type: 'azure-acr',
    url: `https://${name}.azurecr.io`,
    ...props,
  }),
  /** Google Artifact Registry. The password is the JSON key of a service account; `namespace` is `<project>/<repository>`. */
  artifactRegistry: ({
    location,
    ...props
  }: Required<Pick<RemoteRegistry, 'passwordSecret' | 'namespace'>> &
    Pick<RegistryNaming, 'stripLevels'> & { readonly location: string }): RemoteRegistry => ({
    type: 'google-gcr',
    url: `https://${location}-docker.pkg.dev`,
    username: '_json_key',
    ...props,
  }),
  /** Alibaba Cloud ACR: an access key and its secret. */
  alibaba: ({ region, ...props }: RegistryLogin & { readonly region: string }): RemoteRegistry => ({
    type: 'ali-acr',
    url: `https://registry.${region}.aliyuncs.com`,
    ...props,
  }),
  /** GitHub Container Registry: a user name and a token with `write:packages`. */
  github: (props: RegistryAccess): RemoteRegistry => ({ type: 'github-ghcr', url: 'https://ghcr.io', ...props }),
  /** GitLab's registry: a user name and a token with `api` and `write_registry`. */
  gitlab: (props: RegistryServer): RemoteRegistry => ({ type: 'gitlab', ...props }),
  /** JFrog Artifactory: a user name and an identity token. */
  jfrog: (props: RegistryServer): RemoteRegistry => ({ type: 'jfrog-artifactory', ...props }),
} as const;
