import { Entity, PrimaryColumn } from 'typeorm';

/** One review slot of an item that anybody eligible may claim; the row exists exactly while that is so. */
@Entity('ticket')
export class Ticket {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('integer', { name: 'lane_id' })
  laneId: number;

  @PrimaryColumn('bigint', { name: 'rank' })
  rank: string;

  @PrimaryColumn('uuid', { name: 'item_id' })
  itemId: string;

  @PrimaryColumn('smallint', { name: 'slot' })
  slot: number;
}
