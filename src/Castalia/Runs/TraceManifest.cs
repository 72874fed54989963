using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>What a file of activations says of itself, in the <c>__metadata__</c> of its header: texts, some of them JSON.</summary>
static class TraceManifest
{
    const string WeightsKey = "weights_sha256";

    static readonly JsonSerializerOptions Compact = new(JsonFile.Readable) { WriteIndented = false };

    static readonly string Pending = new('0', 64); // the weights are hashed when they have been read

    static readonly (ResidualSite Site, string Meaning)[] Meanings =
    [
        (ResidualSite.Pre, "the residual stream entering the block"),
        (ResidualSite.AttnIn, "what attention reads, after its norm"),
        (ResidualSite.Z, "what attention's output projection reads, heads concatenated"),
        (ResidualSite.AttnOut, "what attention adds to the stream"),
        (ResidualSite.Mid, "the stream between attention and MLP"),
        (ResidualSite.MlpIn, "what the MLP reads, after its norm"),
        (ResidualSite.MlpPost, "what the MLP's down projection reads"),
        (ResidualSite.MlpOut, "what the MLP adds to the stream"),
        (ResidualSite.Post, "the residual stream leaving the block"),
    ];

    /// <summary>The metadata.</summary>
    /// <param name="model">The model's short name.</param>
    /// <param name="hub">Where on the hub it came from; null for a path.</param>
    /// <param name="architecture">The description that is computed.</param>
    /// <param name="description">The same as <c>castalia describe --json</c> prints it.</param>
    /// <param name="bos">What was put around texts.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What is written.</param>
    /// <param name="weightsSha256">Asked for when everything is written.</param>
    public static TraceMetadata Of(
        string model, HubOrigin? hub, Architecture architecture, JsonObject description, BosPolicy bos, IReadOnlyList<TokenizedPrompt> prompts,
        TraceOptions options, Func<string> weightsSha256)
    {
        var texts = new Dictionary<string, string>
        {
            ["contents"] = "castalia trace 1",
            ["software"] = Software.NameAndVersion,
            ["model"] = model,
            [WeightsKey] = Pending,
            ["arithmetic_sha256"] = ArithmeticHash.Of(description),
            ["activation"] = architecture.Activation.ToString(),
            ["stated_activation"] = (architecture.StatedActivation ?? architecture.Activation).ToString(),
            ["bos"] = bos.ToString().ToLowerInvariant(),
            ["positions"] = options.AllPositions ? "all" : "last",
            ["layout"] = (options.Naming == SiteNaming.TransformerLens ? "p{prompt}.blocks.{block}.{hook}, hooks as TransformerLens names them, sites without one as castalia does, p{prompt}" : "p{prompt}.blocks.{block}.{site}, p{prompt}") + ".final_norm_out and p{prompt}.logits, prompts and blocks from 0; float32, [positions × width]",
            ["sites"] = Sites(architecture, options).ToJsonString(Compact),
            ["prompts"] = new JsonArray([.. prompts.Select(Prompt)]).ToJsonString(Compact),
        };
        if (hub is not null) texts["hub"] = $"{hub.Repository}@{hub.Commit}";
        return new(texts, (WeightsKey, weightsSha256));
    }

    static JsonObject Sites(Architecture architecture, TraceOptions options)
    {
        var sites = new JsonObject();
        foreach (var (site, meaning) in Meanings)
            if (options.Sites.Contains(site) && BlockActivations.WidthOf(architecture, site) > 0) sites[site.Name()] = meaning;
        if (options.FinalNorm) sites["final_norm_out"] = "the stream leaving the last block after the final norm";
        if (options.Logits) sites["logits"] = "scores of the next token, one for each row of the vocabulary, padded rows included";
        return sites;
    }

    static JsonObject Prompt(TokenizedPrompt prompt) => new()
    {
        ["name"] = prompt.Prompt.Name,
        ["category"] = prompt.Prompt.Category,
        ["text"] = prompt.Prompt.Text,
        ["ids"] = new JsonArray([.. prompt.Ids.Select(id => JsonValue.Create(id))]),
        ["added"] = prompt.Added,
    };
}
