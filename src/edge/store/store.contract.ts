/** What every implementation of the store owes its users. Run by the test of each implementation. */
import { chatContract } from './chat.contract.ts';
import { journalContract } from './journal.contract.ts';
import { recordsContract } from './records.contract.ts';
import { type ContractOptions, type ContractSubject, usingStore } from './samples.contract.ts';
import { smsContract } from './sms.contract.ts';
import { troubleContract } from './trouble.contract.ts';

export function storeContract(name: string, open: (options: ContractOptions) => ContractSubject): void {
  const using = usingStore(open);
  journalContract(name, using);
  recordsContract(name, using);
  troubleContract(name, using);
  chatContract(name, using);
  smsContract(name, using);
}
