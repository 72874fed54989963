using System.Globalization;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Every message with which a model cannot be found in the cache or fetched from the hub. None quotes a token.</summary>
static class HubErrors
{
    const string Kept = "What has come so far is kept: the same command goes on from there.";

    public static InputException NotAnAddress(string text, string why) => new(
        $"'{HubFileNames.Printable(text)}' names no model on the hub: {why}.", "arguments",
        "Write owner/name, owner/name@revision or owner/name/file.gguf, as in EleutherAI/pythia-160m@step143000.");

    public static InputException BadEndpoint(string text) => new(
        $"'{text}' is not the address of a hub.", "environment variable HF_ENDPOINT", "Give an http or https address, as https://huggingface.co.");

    public static InputException BadPatience(string text) => new(
        $"'{text}' is not a number of seconds.", "environment variable HF_HUB_DOWNLOAD_TIMEOUT", "Give a whole number from 1 to 86400.");

    public static InputException BadToken(string place) => new(
        "The token has a character in it that no token has.", place, "Copy the token again, or unset it for models that need none.");

    public static InputException TokenUnreadable(string file, Exception why) => new(
        $"The file of the token cannot be read: {why.Message}", file, "Make it readable, or set HF_TOKEN.", why);

    public static InputException NoHome() => new(
        "There is no place for the hub's cache: this user has no home folder.", "environment variable HF_HOME", "Set HF_HOME or HF_HUB_CACHE.");

    public static InputException NotInCache(string named, HubAddress address, HubCache cache)
    {
        var commits = cache.Commits(address.Repository);
        var revisions = cache.Revisions(address.Repository).Where(revision => revision != address.Revision).ToList();
        string[] there = [.. revisions.Where(revision => commits.Contains(cache.Commit(address.Repository, revision))), .. commits];
        string? noted = cache.Commit(address.Repository, address.Revision);
        string has = there.Length == 0 ? "no files" : Some(there);
        string found = noted is not null ? $"the hub's cache has noted that '{address.Revision}' is commit {noted}, but not its files; of the model it has {has}"
            : there.Length == 0 ? "the model is not in the hub's cache"
            : $"of the model the hub's cache has {has}, not '{address.Revision}'";
        return new(
            $"There is no path '{named}', and {found}.", cache.Folder,
            $"Correct the path, or fetch the model: castalia pull {address}. Only pull downloads." +
            (there.Length == 0 ? "" : $" What is there is named {address with { Revision = there[0] }}."));
    }

    public static InputException WhichCommit(string folder, IReadOnlyList<string> commits) => new(
        commits.Count == 0
            ? "This is the folder of a model in a hub's cache, and holds no files of any commit."
            : $"This is the folder of a model in a hub's cache with the files of {commits.Count} commits, of which none is noted as main: {Some(commits)}.", folder,
        commits.Count == 0 ? "Fetch the model: castalia pull." : $"Name the folder of one of them: snapshots/{commits[0]}.");

    public static InputException IncompleteInCache(HubAddress address, IReadOnlyList<string> missing, string snapshot) => new(
        $"The cache holds only a part of {address}: {Some(missing)} {(missing.Count == 1 && missing[0] != "the weights" ? "is" : "are")} missing.",
        snapshot, $"Fetch the rest: castalia pull {address}");

    public static InputException WhichGguf(HubAddress address, IReadOnlyList<string> files, string place) => new(
        $"{address} holds {files.Count} GGUF files and no other weights.", place,
        $"Name one of them, as {address with { File = files[0] }}: {Some(files, 30)}.");

    public static InputException NoSuchGguf(HubAddress address, IReadOnlyList<string> files) => new(
        $"{address with { File = null }} has no file '{address.File}'.", $"{address}",
        files.Count == 0 ? "It has no GGUF files at all: leave the file's name out." : $"Its GGUF files: {Some(files, 30)}.");

    public static InputException BadReference(string file, string found) => new(
        $"The cache's note of a revision holds '{HubFileNames.Printable(found)}', not a commit.", file, "Delete this file and pull the model again.");

    public static InputException CacheUnreadable(string path, Exception why) => new(
        $"The hub's cache cannot be read: {why.Message}", path, "Make it readable, or name another one by HF_HUB_CACHE.", why);

    public static InputException CacheUnwritable(string cache, Exception why) => new(
        IsFull(why) ? "The disk of the hub's cache is full." : $"The hub's cache cannot be written: {why.Message}", cache,
        (IsFull(why) ? "Make room" : "Make it writable") + $", or name another place by HF_HUB_CACHE. {Kept}", why);

    public static InputException ScratchUnwritable(string folder, Exception why) => new(
        $"What describes the model cannot be written to a temporary folder: {why.Message}", folder, "Make room there, or name another place by TMPDIR.", why);

    public static InputException NoRoom(string cache, long needed, long room) => new(
        $"The disk of the hub's cache has {Megabytes(room)} of room; {Megabytes(needed)} are needed. Nothing was fetched.", cache,
        "Make room, or name another place by HF_HUB_CACHE.");

    public static InputException Offline(HubAddress address, string cache) => new(
        $"{address} is not in the hub's cache, and HF_HUB_OFFLINE forbids to fetch it.", cache,
        "Unset HF_HUB_OFFLINE (and TRANSFORMERS_OFFLINE), or fetch it where there is a network and copy the cache.");

    public static InputException Unreachable(string url, Exception why) => new(
        $"The hub cannot be reached: {why.Message}", url,
        "Check the network, HF_ENDPOINT and, behind a proxy, HTTPS_PROXY. Models in the cache are measured without a network.", why);

    public static InputException Silent(string url, TimeSpan patience) => new(
        FormattableString.Invariant($"The server sent nothing for {patience.TotalSeconds:0.#} s."), url,
        $"Try again, or be more patient: HF_HUB_DOWNLOAD_TIMEOUT, in seconds. {Kept}");

    public static InputException Broken(string url, Exception why) => new(
        $"The connection broke: {why.Message}", url, $"Try again. {Kept}", why);

    public static InputException EndedEarly(HubFile file, long bytes, string url) => new(
        $"The server ended {file.Name} after {Number(bytes)} of {Number(file.Bytes!.Value)} bytes.", url, $"Try again. {Kept}");

    public static InputException RateLimited(string url, bool token) => new(
        "The hub limits how often it is asked (429).", url,
        "Wait some minutes and try again" + (token ? ". " : "; with a token (HF_TOKEN) the hub allows more. ") + Kept);

    public static InputException AskedToWait(InputException fault, TimeSpan pause) => new(
        FormattableString.Invariant($"{fault.Cause} It asks to wait {pause.TotalSeconds:0} s, longer than a pull waits."), fault.Place, fault.Remedy);

    public static InputException ServerFault(string url, int status, string message) => new(
        $"The server has a fault ({status}{Quoted(message)}).", url, $"Try again later. {Kept}");

    public static InputException StoreRefuses(string url, int status) => new(
        $"The store to which the hub sends for the file refuses it ({status}).", url, $"Try again. {Kept}");

    public static InputException WrongRange(string file, string url) => new(
        $"The server sent another part of {file} than was asked for.", url, "Try again; behind a proxy, bypass it.");

    public static InputException OtherAnswer(string url, int status, string message) => new(
        $"The server answers {status}{Quoted(message)}, which means nothing here.", url, "Check HF_ENDPOINT; is this a hub?");

    public static InputException BadRedirect(string url, string what) => new(
        $"The server's redirect {what}, which is not followed.", url, "Check HF_ENDPOINT; is this a hub?");

    public static InputException TooManyRedirects(string url, int most) => new(
        $"More than {most} redirects, one after the other.", url, "Check HF_ENDPOINT; is this a hub?");

    public static InputException NotAListing(string url, string why, Exception? inner = null) => new(
        $"The hub's list of files cannot be understood: {why}", url, "Check HF_ENDPOINT; is this a hub?", inner);

    public static InputException Gated(HubAddress address, string url, HubSettings settings) => new(
        $"{address.Repository} is gated: its owner lets in whom they choose" +
        (settings.Token is null ? ", and no token was sent." : ", and this token's account is not among them."), url,
        $"Ask for access on {Page(settings, address)}" +
        (settings.Token is null ? ", then set HF_TOKEN to a token of that account." : ", with the account whose token HF_TOKEN is."));

    public static InputException Unauthorized(HubAddress address, string url, bool token) => new(
        token ? $"The hub does not take this token, or {address.Repository} does not exist or is private to others (401)."
            : $"{address.Repository} does not exist, or is private (401).", url,
        "Check the spelling; for a private model set HF_TOKEN to a token that may read it.");

    public static InputException Forbidden(HubAddress address, string url, string message, HubSettings settings) => new(
        $"The hub forbids to read {address.Repository} (403{Quoted(message)}).", url,
        $"Look on {Page(settings, address)} whether access is to be asked for, and whether the token (HF_TOKEN) may read repositories.");

    public static InputException NoRepository(HubAddress address, string url, bool token) => new(
        $"The hub has no model '{address.Repository}'{(token ? "" : ", or it is private")} (404).", url,
        "Check owner and name, capitals included" + (token ? "." : "; for a private model set HF_TOKEN."));

    public static InputException NoRevision(HubAddress address, string url) => new(
        $"{address.Repository} has no revision '{address.Revision}' (404).", url, "Name a branch, a tag or a commit that its page lists.");

    public static InputException NoFile(HubAddress address, string file, string url) => new(
        $"{address} has no file '{file}' (404).", url, "The repository has changed, or the hub is at fault: try again.");

    public static InputException NoHash(HubAddress address, string file, Uri url) => new(
        $"The hub does not tell the length and hash of {file} of {address}, so it cannot be verified.", HubAnswers.Place(url),
        "Take it from https://huggingface.co (HF_ENDPOINT).");

    public static InputException WrongHash(HubAddress address, HubFile file, string found) => new(
        $"{file.Name} of {address} is not what the hub says it is: {file.Hash!.Kind} {found}, expected {file.Hash.Hex}. It was thrown away.",
        $"{address}, {file.Name}", "Try again; if it stays so, a proxy or mirror changes files: bypass it (HTTPS_PROXY, HF_ENDPOINT).");

    public static InputException TooLong(HubFile file, string url) => new(
        $"The server sends more of {file.Name} than the {Number(file.Bytes!.Value)} bytes the hub lists. It was thrown away.", url,
        "Try again; if it stays so, a proxy or mirror changes files: bypass it (HTTPS_PROXY, HF_ENDPOINT).");

    public static InputException UnsafeName(HubAddress address, string name, string why) => new(
        $"{address} lists a file '{name}'; the name {why}. Nothing of that name is written.", $"{address}",
        "No honest repository does this: tell its owner, or the hub.");

    public static InputException NoConfig(HubAddress address, string commit) => new(
        $"{address} has weights but no {NeededFiles.Config}.", $"{address.Repository} at {commit}",
        "It is no whole model in Hugging Face form; perhaps an adapter, whose base model is the one to pull.");

    public static InputException NoWeights(HubAddress address, string commit, IReadOnlyCollection<string> names) => new(
        $"{address} holds no weights that can be read.", $"{address.Repository} at {commit}",
        $"Needed: model.safetensors, pytorch_model.bin, their shards, or a .gguf file. There: {(names.Count == 0 ? "nothing" : Some([.. names.Select(HubFileNames.Printable).Order(StringComparer.Ordinal)]))}.");

    public static InputException ShardNotThere(HubAddress address, string index, string shard) => new(
        $"The index names a shard '{shard}' that the repository does not hold.", $"{address}, {index}", "Its owner has not uploaded all of it: take another revision.");

    static bool IsFull(Exception e) => e.HResult is 28 or 122 or 69 or unchecked((int)0x80070070); // ENOSPC, EDQUOT (Linux, macOS), ERROR_DISK_FULL

    static string Page(HubSettings settings, HubAddress address) => $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{address.Repository}";

    static string Quoted(string message) => message == "" ? "" : $": {message}";

    static string Some(IReadOnlyList<string> names, int most = 8) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");

    static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
}
