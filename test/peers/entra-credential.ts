/**
 * A client that signs in with Entra: the official credential exchanges the token in `ENTRA_TOKEN` for one of the user at
 * `ENDPOINT`, and what it got (or why not) goes to the standard output as JSON. A process of its own, because that
 * credential trusts what the process trusts (`NODE_EXTRA_CA_CERTS`).
 */
import { AzureCommunicationTokenCredential } from '@azure/communication-common';

const { ENTRA_TOKEN: token = '', ENDPOINT: resourceEndpoint = '', ENTRA_SCOPES: scopes = '' } = process.env;

const tokenCredential = {
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

try {
  const credential = new AzureCommunicationTokenCredential({
    resourceEndpoint,
    tokenCredential,
    ...(scopes === '' ? {} : { scopes: scopes.split(' ') }),
  });
  process.stdout.write(JSON.stringify(await credential.getToken()));
} catch (error) {
  process.stdout.write(JSON.stringify({ failed: String(error) }));
}
