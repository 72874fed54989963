using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Tokens;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>Prompts in; the ids a model would be fed out.</summary>
static class TokensVerb
{
    static readonly JsonSerializerOptions Lines = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Argument<string> Source = new("PATH")
    {
        Description = $"A tokenizer.json, a vocab.json with merges.txt beside it, a tokenizer.model, or a checkpoint: {CheckpointArgument.Forms}.",
        HelpName = "PATH",
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<string?> Prompts = PromptOptions.Named();

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Option<bool> Json = new("--json") { Description = "Print a line {\"ids\":[…],\"pieces\":[…]} for each prompt, in order." };

    public static Command Build()
    {
        var command = new Command("tokens", "Show the token ids of prompts, and the pieces of the vocabulary they stand for.") { Source, Prompts, Texts, Bos, Json };
        PromptOptions.Require(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(() =>
        {
            string path = CheckpointArgument.Find(parse.GetValue(Source)!, Wanted.Tokenizer).Path;
            var bos = Bos.In(parse) ?? BosPolicy.Default;
            var tokenizer = TokenizerFile.Open(path);
            var tokenized = Tokenization.Of(PromptOptions.Read(parse.GetValue(Prompts), parse.GetValue(Texts)!), tokenizer, bos, path);
            // Everything is tokenised before the first line is printed: an error leaves no half of a listing.
            var pieces = tokenized.Select(prompt => prompt.Ids.Select(tokenizer.Piece).ToList()).ToList();
            if (parse.GetValue(Json)) PrintJson(tokenized, pieces);
            else PrintText(tokenizer, bos, tokenized, pieces);
        }));
        return command;
    }

    static void PrintJson(IReadOnlyList<TokenizedPrompt> prompts, List<List<string>> pieces)
    {
        foreach (var (prompt, spelt) in prompts.Zip(pieces))
            Output.Write(Line(prompt, spelt).ToJsonString(Lines) + "\n");
    }

    static JsonObject Line(TokenizedPrompt prompt, List<string> pieces) => new()
    {
        ["ids"] = new JsonArray([.. prompt.Ids.Select(id => (JsonNode)id)]),
        ["pieces"] = new JsonArray([.. pieces.Select(piece => (JsonNode)piece)]),
    };

    static void PrintText(ITokenizer tokenizer, BosPolicy bos, IReadOnlyList<TokenizedPrompt> prompts, List<List<string>> pieces)
    {
        // What a file spells must not reach the terminal as it is: it may hold characters that move the cursor. --json has it to the letter.
        Output.Write($"Tokenizer: {Printable.Of(tokenizer.Source)}\nBOS policy {PolicyText(tokenizer, bos)}.\n");
        foreach (string note in tokenizer.Notes) Output.Write(Wrapped.Of(Printable.Of(note), Terminal.Width));
        foreach (var (prompt, spelt) in prompts.Zip(pieces))
        {
            string dropped = prompt.DroppedBytes > 0 ? $", {prompt.DroppedBytes} bytes without a token left out" : "";
            Output.Write($"\n{Printable.Of(prompt.Prompt.Name, 200)}: {prompt.Ids.Count} tokens{dropped}\n");
            // A space inside a piece must not be taken for the one between two of them.
            string list = string.Join(' ', prompt.Ids.Zip(spelt, (id, piece) => $"{id}\u00A0{Printable.Of(piece).Replace(' ', '␠')}"));
            Output.Write(Wrapped.Of(list, Terminal.Width).Replace('\u00A0', ' '));
        }
    }

    static string PolicyText(ITokenizer tokenizer, BosPolicy bos) => bos switch
    {
        BosPolicy.None => "none: nothing is added to a text",
        BosPolicy.Always => $"always: one BOS, id {tokenizer.BosId}, before each text",
        _ when tokenizer.DefaultPrefix.Count + tokenizer.DefaultSuffix.Count == 0 => "default: the tokenizer's own rules add nothing to a text",
        _ => $"default: the tokenizer's own rules add [{string.Join(", ", tokenizer.DefaultPrefix)}] before and [{string.Join(", ", tokenizer.DefaultSuffix)}] after each text",
    };
}
