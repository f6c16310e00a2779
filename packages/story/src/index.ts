export type {
  Closing,
  ExecutedMessage,
  NetworkSummary,
  PlanOutcome,
  Standing,
  StoryEvent,
  StoryIncident,
  StoryMoment,
} from './event.ts'
export type { BidderScript } from './script.ts'
export { tellStory } from './tell-story.ts'
export { type Span, STORY_TERMS, type StoryTerms } from './terms.ts'
