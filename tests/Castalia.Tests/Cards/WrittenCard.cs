using Castalia.Cards;

namespace Castalia.Tests.Cards;

/// <summary>A small card of the user's own.</summary>
static class WrittenCard
{
    public const string Yaml = """
        model: own-1
        title: Own
        hub: [me/own-1]
        sources:
          log: { text: "The log of the training" }
          paper: { text: "Its paper", literature: pythia }
        unknown:
          - { fields: [seed, hardware], source: log }
        fields:
          corpus: { value: "My corpus", source: paper, certainty: published }
          peak_learning_rate: { value: 1.0e-3, source: log, certainty: from code }
          warmup_steps: { value: 100, source: log, certainty: from code }
          decay_shape: { value: linear, source: log, certainty: from code }
          decay_steps: { value: 900, source: log, certainty: from code }
          decay_aim: { value: 0, source: log, certainty: from code }
          learning_rate_floor: { value: 0, source: log, certainty: from code }
          steps: { value: 1000, source: log, certainty: from code }
          weight_decay: { value: 0.1, source: log, certainty: from code }
          gradient_clipping: { value: 1, source: [log, paper], certainty: from code, note: "Of the  global norm." }
          tied_unembedding: { value: true, source: log, certainty: from code }
          revision_defects: { value: [one, two], source: log, certainty: published }
          confidence_penalty: { value: none, source: log, certainty: from code }
        """;

    public static Card Read(string yaml) => ModelCards.Of(new("own.yaml", yaml, CardErrors.Format));
}
