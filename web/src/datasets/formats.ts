interface Format {
  readonly name: string;
  readonly reads: string;
}

/** The formats that the service exports, in the order in which people look for them. */
export const FORMATS: Readonly<Record<string, readonly Format[]>> = {
  'Test suites': [
    { name: 'promptfoo', reads: 'promptfoo' },
    { name: 'promptfoo-array', reads: 'promptfoo, for prompts that say {{input}} already' },
    { name: 'inspect', reads: 'Inspect AI' },
    { name: 'deepeval', reads: 'DeepEval' },
    { name: 'ragas', reads: 'Ragas' },
    { name: 'braintrust', reads: 'Braintrust, autoevals' },
    { name: 'openai', reads: 'OpenAI-style evals, Microsoft Foundry' },
  ],
  Platforms: [
    { name: 'langsmith', reads: 'LangSmith' },
    { name: 'langfuse', reads: 'Langfuse' },
    { name: 'phoenix', reads: 'Arize Phoenix' },
    { name: 'mlflow', reads: 'MLflow 3' },
    { name: 'opik', reads: 'Opik' },
  ],
  Training: [
    { name: 'sft', reads: 'chat fine-tuning; the train split' },
    { name: 'dpo', reads: 'preference fine-tuning; the train split' },
    { name: 'trl-preference', reads: 'TRL: DPO, ORPO, CPO, reward; the train split' },
    { name: 'trl-kto', reads: 'TRL: KTO; the train split' },
  ],
  Files: [
    { name: 'jsonl', reads: 'anything; all that is known, nothing left out' },
    { name: 'huggingface', reads: 'Hugging Face datasets, anything that reads Parquet' },
    { name: 'csv-exact', reads: 'programs that read CSV' },
    { name: 'csv', reads: 'spreadsheets, to look at: changes what they would run' },
  ],
};
