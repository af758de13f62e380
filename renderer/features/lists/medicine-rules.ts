import factsFile from '../../../assets/medicines/medicines.json' with { type: 'json' };
import { prepareMedicineFacts, type MedicineFactsFile } from '../../../domain/clinical/medicine-facts.ts';

/** The curated map of ingredients and classes, prepared once. */
export const medicineFacts = prepareMedicineFacts(factsFile as unknown as MedicineFactsFile);
