import { Fragment, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { storage } from '../../session/settings.ts';

/** One of the parts of a split: its share of the room in percent, and the least it can be made by hand. */
export interface SplitPart {
  readonly id: string;
  readonly size: number;
  readonly min: number;
  readonly content: ReactNode;
}

interface SplitProps {
  readonly id: string;
  readonly orientation: 'horizontal' | 'vertical';
  readonly parts: readonly SplitPart[];
}

/** Parts side by side or one above the other, with bars between them; their shares are remembered. */
export function Split({ id, orientation, parts }: SplitProps): ReactNode {
  // What is remembered for two parts says nothing about one.
  const key = `${id}-${parts.length}`;
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: key,
    panelIds: parts.map((p) => p.id),
    storage,
    onlySaveAfterUserInteractions: true,
  });
  return (
    <Group
      id={key}
      orientation={orientation}
      className="split"
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.map((p, i) => (
        <Fragment key={p.id}>
          {i > 0 ? (
            <Separator
              className={`separator ${orientation}`}
              id={`${id}-${p.id}-separator`}
              aria-label={`Resize ${p.id}`}
              data-own-keys=""
            />
          ) : null}
          <Panel id={p.id} defaultSize={`${p.size}%`} minSize={`${p.min}%`}>
            {p.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
