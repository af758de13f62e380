import type { Description, TerminologyAsset, TerminologyRelease } from './terminology-asset.ts';

/**
 * Reads the XML files of a dm+d release in chunks and gives terms of its moieties, generic and branded products and
 * ingredients. Source: NHSBSA dm+d technical specification. Invalid entries are left out.
 */
export type DmdFile = 'vtm' | 'vmp' | 'amp' | 'ingredient';

export type DmdLoader = {
  readonly open: (file: DmdFile) => { readonly push: (chunk: string) => void; readonly end: () => void };
  readonly finish: () =>
    | { readonly ok: true; readonly asset: TerminologyAsset }
    | { readonly ok: false; readonly fault: { readonly file: DmdFile | null; readonly words: string } };
};

const RECORDS: Readonly<Record<DmdFile, { readonly element: string; readonly id: string }>> = {
  vtm: { element: 'VTM', id: 'VTMID' },
  vmp: { element: 'VMP', id: 'VPID' },
  amp: { element: 'AMP', id: 'APID' },
  ingredient: { element: 'ING', id: 'ISID' },
};

/** Which file of a release a name is, or null: `f_vmp2_3221026.xml`. */
export function dmdFileOf(name: string): DmdFile | null {
  const match = /f_(vtm|vmp|amp|ingredient)2?_\d+\.xml$/i.exec(name);
  const file = match?.[1]?.toLowerCase();
  return file === 'vtm' || file === 'vmp' || file === 'amp' || file === 'ingredient' ? file : null;
}

export function createDmdLoader(release: TerminologyRelease): DmdLoader {
  const descriptions: Description[] = [];
  let fault: { readonly file: DmdFile; readonly words: string } | null = null;

  const readRecord = (file: DmdFile, xml: string): void => {
    const id = field(xml, RECORDS[file].id);
    const name = field(xml, 'NM');
    if (id === null || name === null || !/^\d{6,18}$/.test(id)) {
      fault ??= {
        file,
        words: `An entry of the ${file.toUpperCase()} file has no name or code. Nothing was changed.`,
      };
      return;
    }
    if (field(xml, 'INVALID') === '1') return;
    const tag = file === 'ingredient' ? 'substance' : 'product';
    // A branded product's full description names its maker; that is what tells two of one name apart.
    const preferred = field(xml, 'DESC') ?? name;
    descriptions.push({ code: id, tag, kind: 'preferred', term: preferred });
    if (preferred !== name) descriptions.push({ code: id, tag, kind: 'synonym', term: name });
    const abbreviated = field(xml, 'ABBREVNM');
    if (abbreviated !== null && abbreviated !== name)
      descriptions.push({ code: id, tag, kind: 'synonym', term: abbreviated });
  };

  return {
    open: (file) => {
      const { element } = RECORDS[file];
      const [opening, closing] = [`<${element}>`, `</${element}>`];
      let rest = '';
      return {
        push: (chunk) => {
          rest += chunk;
          for (;;) {
            const start = rest.indexOf(opening);
            const end = start < 0 ? -1 : rest.indexOf(closing, start);
            if (end < 0) break;
            readRecord(file, rest.slice(start + opening.length, end));
            rest = rest.slice(end + closing.length);
          }
          // What stands before an opening tag is of no interest; a tag may be cut in two.
          if (!rest.includes(opening)) rest = rest.slice(-opening.length);
        },
        end: () => {
          if (rest.includes(opening))
            fault ??= {
              file,
              words: `The ${file.toUpperCase()} file ends in the middle of an entry. Nothing was changed.`,
            };
        },
      };
    },
    finish: () => {
      if (fault) return { ok: false, fault };
      if (descriptions.length === 0)
        return {
          ok: false,
          fault: { file: null, words: 'The release holds no entries. Nothing was changed.' },
        };
      return { ok: true, asset: { release, descriptions } };
    },
  };
}

function field(xml: string, name: string): string | null {
  const match = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  return match?.[1] === undefined ? null : unescapeXml(match[1].trim());
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(lt|gt|quot|apos|amp));/gi,
    (_whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) =>
      decimal !== undefined
        ? String.fromCodePoint(Number(decimal))
        : hex !== undefined
          ? String.fromCodePoint(Number.parseInt(hex, 16))
          : (ENTITIES[name?.toLowerCase() ?? ''] ?? ''),
  );
}
