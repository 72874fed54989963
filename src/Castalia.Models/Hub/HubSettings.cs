using System.Globalization;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Where the hub and its cache are, by the environment variables of the Hugging Face tools.</summary>
sealed record HubSettings
{
    /// <summary>HF_ENDPOINT, without a slash at its end; else https://huggingface.co.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else "hub" in HF_HOME, which is "huggingface" in XDG_CACHE_HOME or in ~/.cache.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>HF_TOKEN, else HUGGING_FACE_HUB_TOKEN, else what is in the file HF_TOKEN_PATH or "token" in HF_HOME; null for none, or where
    /// HF_HUB_DISABLE_IMPLICIT_TOKEN is set.</summary>
    public string? Token { get; init; }

    /// <summary>HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE: nothing is sent.</summary>
    public bool Offline { get; init; }

    /// <summary>How long a server may be silent before the attempt is given up: HF_HUB_DOWNLOAD_TIMEOUT in seconds, else 10.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before the first further attempt where the server asks for none; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The settings this process was started with.</summary>
    /// <exception cref="InputException">A variable that cannot be understood.</exception>
    public static HubSettings FromEnvironment() => From(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The settings of an environment.</summary>
    /// <param name="variable">A variable's value; null or empty where it is not set.</param>
    /// <param name="home">The user's home folder; empty where there is none.</param>
    internal static HubSettings From(Func<string, string?> variable, string home)
    {
        string? Set(string name) => variable(name) is { Length: > 0 } value ? value : null;
        bool True(string name) => Set(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
        string Expanded(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path;

        string? InHome(string name) =>
            Set("HF_HOME") is { } set ? Path.Combine(Expanded(set), name)
            : Set("XDG_CACHE_HOME") is { } xdg ? Path.Combine(Expanded(xdg), "huggingface", name)
            : home == "" ? null : Path.Combine(home, ".cache", "huggingface", name);
        string cache = (Set("HF_HUB_CACHE") ?? Set("HUGGINGFACE_HUB_CACHE")) is { } named ? Expanded(named)
            : InHome("hub") ?? throw HubErrors.NoHome();
        return new()
        {
            Endpoint = EndpointOf(Set("HF_ENDPOINT") ?? "https://huggingface.co"),
            CacheFolder = Path.GetFullPath(cache),
            Token = True("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null
                : TokenOf(Set("HF_TOKEN") ?? Set("HUGGING_FACE_HUB_TOKEN"), "environment variable HF_TOKEN")
                ?? TokenIn(Set("HF_TOKEN_PATH") is { } path ? Expanded(path) : InHome("token")),
            Offline = True("HF_HUB_OFFLINE") || True("TRANSFORMERS_OFFLINE"),
            Patience = Set("HF_HUB_DOWNLOAD_TIMEOUT") is { } seconds ? PatienceOf(seconds) : TimeSpan.FromSeconds(10),
        };
    }

    static Uri EndpointOf(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var endpoint) && endpoint.Scheme is "https" or "http"
            && endpoint.UserInfo == "" && endpoint.Query == "" && endpoint.Fragment == ""
            ? endpoint : throw HubErrors.BadEndpoint(text);

    static TimeSpan PatienceOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= 86400
            ? TimeSpan.FromSeconds(seconds) : throw HubErrors.BadPatience(text);

    static string? TokenIn(string? file)
    {
        if (file is null || !File.Exists(file)) return null;
        if (InputFile.KindOf(file) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(file, kind);
        try
        {
            return TokenOf(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubErrors.TokenUnreadable(file, e);
        }
    }

    /// <summary>A token goes into a header: anything but visible ASCII would break it, or put a second header into the request.</summary>
    static string? TokenOf(string? text, string place)
    {
        string token = (text ?? "").Trim();
        if (token == "") return null;
        return token.All(c => c is > ' ' and < '\x7f') ? token : throw HubErrors.BadToken(place);
    }
}
