import { readFileSync } from 'node:fs';
import { prepareMedicineFacts, type MedicineFactsFile } from '../../../../domain/clinical/medicine-facts.ts';

export const medicineFile = JSON.parse(
  readFileSync('assets/medicines/medicines.json', 'utf8'),
) as MedicineFactsFile;
export const medicines = prepareMedicineFacts(medicineFile);
