using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>What <c>castalia gradient --json</c> prints.</summary>
sealed record GradientDocument(string Format, string Software, string Model, string File, string Definition, IEnumerable<GradientPromptDocument> Prompts)
{
    static readonly GradientJson s_json = new(new JsonSerializerOptions(GradientJson.Default.Options) { Encoder = JsonFile.Readable.Encoder });

    /// <summary>The document's text, ended by LF.</summary>
    public static string Text(string model, string file, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<double> losses) => JsonSerializer.Serialize(
        new GradientDocument(
            "castalia gradient 1", Machine.Software.NameAndVersion, model, file, "loss: mean cross-entropy of the prompt's next tokens, nats, over every row of the unembedding",
            prompts.Zip(losses, (prompt, loss) => new GradientPromptDocument(prompt.Prompt.Name, prompt.Ids.Count, prompt.Ids.Count - 1, loss))),
        s_json.GradientDocument) + "\n";
}

/// <summary>A prompt.</summary>
sealed record GradientPromptDocument(string Name, int Tokens, int Predicted, double Loss);

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(GradientDocument))]
sealed partial class GradientJson : JsonSerializerContext;
