import { Args, Field, Mutation, ObjectType, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { AdmitCaseInput, EditCaseInput, ResolveConflictInput } from './curation.input.js';
import { CurationService } from './curation.service.js';
import { EvalCaseQueries } from './eval-case.queries.js';
import { EvalCase } from './eval-case.type.js';

const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };

@ObjectType()
@AllowInherited()
export class AdmitCasePayload {
  @Field(() => EvalCase, { nullable: true, description: 'Null when its answer contradicts another: see `conflicts`.' })
  evalCase: EvalCase | null;
}

@ObjectType()
@AllowInherited()
export class ResolveConflictPayload {
  @Field(() => EvalCase, { nullable: true, description: 'The case that stays; null when none does.' })
  evalCase: EvalCase | null;
}

@ObjectType()
@AllowInherited()
export class EditCasePayload {
  @Field(() => EvalCase, { nullable: true, description: 'Its new revision; null when it contradicts another now.' })
  evalCase: EvalCase | null;
}

@Resolver()
export class CurationResolver {
  constructor(
    private readonly curation: CurationService,
    private readonly cases: EvalCaseQueries,
  ) {}

  @Mutation(() => AdmitCasePayload, {
    description:
      'Lets an item that waits in quarantine through, as it is resolved now. NOT_FOUND when it does not wait (any more).',
  })
  @Allow(MANAGERS)
  async admitCase(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => AdmitCaseInput }) input: AdmitCaseInput,
  ): Promise<AdmitCasePayload> {
    await this.curation.admit(viewer, input);
    return { evalCase: await this.cases.ofItem(viewer.projectId, input.dataset, input.itemId) };
  }

  @Mutation(() => ResolveConflictPayload, {
    description:
      'Says which of the answers to one input are right. What is dropped stays so until its item is resolved otherwise; ' +
      'a new item with another answer is a new conflict. INVALID_INPUT when the conflict has another version by now.',
  })
  @Allow(MANAGERS)
  async resolveConflict(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => ResolveConflictInput }) input: ResolveConflictInput,
  ): Promise<ResolveConflictPayload> {
    await this.curation.resolveConflict(viewer, input);
    const { dataset, itemId } = input;
    return { evalCase: itemId ? await this.cases.ofItem(viewer.projectId, dataset, itemId) : null };
  }

  @Mutation(() => EditCasePayload, {
    description:
      'Changes tags, checks and alternatives of a case, as its next revision. Tags stay whatever becomes of the item; ' +
      'checks and alternatives are about its answer and go when that changes. INVALID_INPUT when there is a newer ' +
      'revision than the one given; `extensions.revision` names it.',
  })
  @Allow(MANAGERS)
  async editCase(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => EditCaseInput }) input: EditCaseInput,
  ): Promise<EditCasePayload> {
    const { itemId } = await this.cases.need(viewer.projectId, input.dataset, input.caseId);
    await this.curation.edit(viewer, input);
    return { evalCase: await this.cases.ofItem(viewer.projectId, input.dataset, itemId) };
  }
}
