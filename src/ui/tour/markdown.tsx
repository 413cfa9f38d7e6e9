import { type Token, type Tokens, lexer } from 'marked';
import { Fragment, type ReactNode, useMemo } from 'react';
import { type Terms, WithTerms, termsOf } from './terms.tsx';

/**
 * Markdown as React elements. The text is only cut into tokens by the library; what becomes of each is decided here, so
 * nothing in it can become an element or an attribute that is not listed: HTML stays text, links go to the web or to a
 * place in this page, pictures are told by their words.
 */
export function Markdown({ text, plain = false }: { text: string; plain?: boolean }): ReactNode {
  const { tokens, terms } = useMemo(() => {
    const list = lexer(text);
    return { tokens: list, terms: plain ? NO_TERMS : termsOf(list) };
  }, [text, plain]);
  return <Blocks tokens={tokens} terms={terms} />;
}

const NO_TERMS: Terms = new Map();

type Part = { readonly terms: Terms };

function Blocks({ tokens, terms }: { tokens: readonly Token[] } & Part): ReactNode {
  // oxlint-disable-next-line react/no-array-index-key -- the tokens of one text never change places
  return tokens.map((t, i) => <Block key={i} token={t} terms={terms} />);
}

function Block({ token, terms }: { token: Token } & Part): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return (
        <p className="md-heading">
          <Inline tokens={(token as Tokens.Heading).tokens} terms={terms} />
        </p>
      );
    case 'code':
      return (
        <pre className="md-code">
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'blockquote':
      return (
        <blockquote className="md-quote">
          <Blocks tokens={(token as Tokens.Blockquote).tokens} terms={terms} />
        </blockquote>
      );
    case 'list':
      return <List list={token as Tokens.List} terms={terms} />;
    case 'table':
      return <Table table={token as Tokens.Table} terms={terms} />;
    case 'text':
      return <Inline tokens={(token as Tokens.Text).tokens ?? [token]} terms={terms} />;
    case 'paragraph':
      return (
        <p>
          <Inline tokens={(token as Tokens.Paragraph).tokens} terms={terms} />
        </p>
      );
    default:
      // HTML and whatever else there may be: as it was written.
      return <p>{token.raw}</p>;
  }
}

function List({ list, terms }: { list: Tokens.List } & Part): ReactNode {
  const items = list.items.map((item, i) => (
    // oxlint-disable-next-line react/no-array-index-key -- as above
    <li key={i}>
      <Blocks tokens={item.tokens} terms={terms} />
    </li>
  ));
  if (!list.ordered) return <ul className="md-list">{items}</ul>;
  return (
    <ol className="md-list" start={list.start === '' ? 1 : list.start}>
      {items}
    </ol>
  );
}

function Table({ table, terms }: { table: Tokens.Table } & Part): ReactNode {
  return (
    <table className="md-table">
      <thead>
        <tr>
          {table.header.map((cell, i) => (
            // oxlint-disable-next-line react/no-array-index-key -- as above
            <th key={i} scope="col">
              <Inline tokens={cell.tokens} terms={terms} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- as above
          <tr key={i}>
            {row.map((cell, j) => (
              // oxlint-disable-next-line react/no-array-index-key -- as above
              <td key={j}>
                <Inline tokens={cell.tokens} terms={terms} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Inline({ tokens, terms }: { tokens: readonly Token[] } & Part): ReactNode {
  return tokens.map((t, i) => (
    // oxlint-disable-next-line react/no-array-index-key -- as above
    <Fragment key={i}>
      <Span token={t} terms={terms} />
    </Fragment>
  ));
}

function Span({ token, terms }: { token: Token } & Part): ReactNode {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <Inline tokens={(token as Tokens.Strong).tokens} terms={terms} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={(token as Tokens.Em).tokens} terms={terms} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={(token as Tokens.Del).tokens} terms={terms} />
        </del>
      );
    case 'codespan':
      return (
        <code>
          <WithTerms pieces={terms.get(token) ?? [(token as Tokens.Codespan).text]} />
        </code>
      );
    case 'br':
      return <br />;
    case 'link':
      return <Link link={token as Tokens.Link} terms={terms} />;
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'text': {
      const { text, tokens } = token as Tokens.Text;
      if (tokens !== undefined) return <Inline tokens={tokens} terms={terms} />;
      return <WithTerms pieces={terms.get(token) ?? [text]} />;
    }
    case 'image':
      return (token as Tokens.Image).text;
    default:
      return token.raw;
  }
}

/** Only to the web, or to a place in this page. */
function Link({ link, terms }: { link: Tokens.Link } & Part): ReactNode {
  const text = <Inline tokens={link.tokens} terms={terms} />;
  if (link.href.startsWith('#1/') || link.href.startsWith('#t1/')) return <a href={link.href}>{text}</a>;
  if (!link.href.startsWith('https://')) return text;
  return (
    <a href={link.href} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}
