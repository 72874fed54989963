using System.Text.Json.Nodes;
using Castalia.Hub;

namespace Castalia.Reports;

/// <summary>What a pull has brought.</summary>
public static class PullReport
{
    /// <summary>A few lines about one model.</summary>
    /// <param name="address">The model, as it was named.</param>
    /// <param name="pulled">What is in the cache of it.</param>
    public static string Text(HubAddress address, Pulled pulled)
    {
        long received = pulled.Files.Sum(file => file.Received);
        string files = pulled.Files.Count == 0 ? "all in the cache; offline, so the hub was not asked"
            : FormattableString.Invariant($"{pulled.Files.Count}, {Amount(pulled.Files.Sum(file => file.Bytes))}; ") +
            (received == 0 ? "all were in the cache" : $"{Amount(received)} fetched, every byte verified");
        return $"""
            {address}
              commit  {pulled.Origin.Commit}
              files   {files}
              path    {pulled.Path}
              next    castalia measure {address}

            """;
    }

    /// <summary>{"models": […]}, each with repository, revision, commit, path and files.</summary>
    public static JsonObject Json(IEnumerable<Pulled> pulled) => new()
    {
        ["models"] = new JsonArray([.. pulled.Select(model => new JsonObject
        {
            ["repository"] = model.Origin.Repository,
            ["revision"] = model.Origin.Revision,
            ["commit"] = model.Origin.Commit,
            ["path"] = model.Path,
            ["files"] = new JsonArray([.. model.Files.Select(file => new JsonObject
            {
                ["name"] = file.Name,
                ["bytes"] = file.Bytes,
                [file.Hash.IsSha256 ? "sha256" : "git_sha1"] = file.Hash.Hex,
                ["received_bytes"] = file.Received,
            })]),
        })]),
    };

    static string Amount(long bytes) => bytes < 100_000
        ? FormattableString.Invariant($"{bytes} bytes") : FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
}
