package folder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// bucket is a prefix of a bucket. Its requests end with the context it was opened with.
type bucket struct {
	ctx            context.Context
	client         *minio.Client
	bucket, prefix string
}

// openBucket reads the usual variables: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_REGION or AWS_DEFAULT_REGION,
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE in AWS_SHARED_CREDENTIALS_FILE, or the
// role of the machine or the pod. Buckets are named in the path, which every store but Amazon's own takes;
// AWS_S3_ADDRESSING_STYLE=virtual names them in the host.
func openBucket(ctx context.Context, name string) (*bucket, error) {
	u, err := url.Parse(strings.ReplaceAll(name, "%", "%25"))
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%s: s3://bucket/prefix is expected", name)
	}
	if err := s3utils.CheckValidBucketName(u.Host); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	region := first(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	endpoint := first(os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"))
	lookup := minio.BucketLookupPath
	if endpoint == "" {
		endpoint, lookup = "https://s3.amazonaws.com", minio.BucketLookupAuto
	}
	switch style := os.Getenv("AWS_S3_ADDRESSING_STYLE"); style {
	case "", "auto":
	case "path":
		lookup = minio.BucketLookupPath
	case "virtual":
		lookup = minio.BucketLookupDNS
	default:
		return nil, fmt.Errorf("AWS_S3_ADDRESSING_STYLE=%q: path, virtual or auto is expected", style)
	}
	e, err := url.Parse(endpoint)
	if err != nil || e.Host == "" || e.Scheme != "http" && e.Scheme != "https" || strings.Trim(e.Path, "/") != "" {
		return nil, fmt.Errorf("AWS_ENDPOINT_URL=%q: http://host:port or https://host is expected", endpoint)
	}
	if region == "" && lookup == minio.BucketLookupPath {
		region = "us-east-1" // what stores take that have no regions; asking them costs a request each
	}
	client, err := minio.New(e.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{Client: &http.Client{Timeout: 5 * time.Second}},
		}),
		Secure: e.Scheme == "https", Region: region, BucketLookup: lookup, MaxRetries: storeTries,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &bucket{ctx, client, u.Host, strings.Trim(path.Clean("/"+u.Path), "/")}, nil
}

// storeTries is how often a request is tried, some seconds in all. What takes longer is the queue's to wait for.
const storeTries = 6

func first(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

func (b *bucket) String() string { return scheme + path.Join(b.bucket, b.prefix) }

func (b *bucket) key(name string) string { return path.Join(b.prefix, name) }

// wrong turns what a store says into errors that the rest of the program knows.
func wrong(name string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	var said minio.ErrorResponse
	if errors.As(err, &said) && said.StatusCode != 0 {
		switch {
		case said.StatusCode == http.StatusNotFound && said.Code != minio.NoSuchBucket:
			return &fs.PathError{Op: "get", Path: name, Err: fs.ErrNotExist}
		case said.StatusCode == http.StatusForbidden:
			return fmt.Errorf("%s: %w (%s)", name, fs.ErrPermission, said.Code)
		case said.StatusCode < 500 && said.StatusCode != http.StatusTooManyRequests && said.StatusCode != http.StatusRequestTimeout:
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return fmt.Errorf("%s: %w: %w", name, ErrUnavailable, err)
}

func (b *bucket) Read(name string) ([]byte, error) {
	o, err := b.client.GetObject(b.ctx, b.bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, wrong(name, err)
	}
	data, err := io.ReadAll(o)
	if err = errors.Join(err, o.Close()); err != nil {
		return nil, wrong(name, err)
	}
	return data, nil
}

// Write puts an object, a large one in parts. The store is told a hash of what it is to get, the content's SHA-256 or
// each part's MD5, and refuses anything else.
func (b *bucket) Write(name string, data []byte) error {
	o := minio.PutObjectOptions{ContentType: contentType(name), PartSize: partSize}
	if len(data) > partSize {
		o.SendContentMd5 = true
	} else {
		sum := sha256.Sum256(data)
		o.UserMetadata = map[string]string{"X-Amz-Checksum-Sha256": base64.StdEncoding.EncodeToString(sum[:])}
	}
	_, err := b.client.PutObject(b.ctx, b.bucket, b.key(name), bytes.NewReader(data), int64(len(data)), o)
	return wrong(name, err)
}

// partSize is from where on an object is sent in parts, and how large they are.
const partSize = 16 << 20

func contentType(name string) string {
	if path.Ext(name) == ".json" {
		return "application/json"
	}
	return "application/octet-stream"
}

func (b *bucket) Move(from, to string) error {
	_, err := b.client.CopyObject(b.ctx, minio.CopyDestOptions{Bucket: b.bucket, Object: b.key(to)}, minio.CopySrcOptions{Bucket: b.bucket, Object: b.key(from)})
	if err != nil {
		return wrong(from, err)
	}
	return b.Remove(from)
}

func (b *bucket) Remove(name string) error {
	err := wrong(name, b.client.RemoveObject(b.ctx, b.bucket, b.key(name), minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (b *bucket) Has(name string) (bool, error) {
	_, err := b.client.StatObject(b.ctx, b.bucket, b.key(name), minio.StatObjectOptions{})
	if err = wrong(name, err); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (b *bucket) List(below string, each func(Entry) error) error {
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	prefix := b.key(below)
	if prefix != "" {
		prefix += "/"
	}
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return wrong(below, o.Err)
		}
		if strings.HasSuffix(o.Key, "/") {
			continue // a folder that a store's own pages made
		}
		if err := each(Entry{strings.TrimPrefix(strings.TrimPrefix(o.Key, b.prefix), "/"), o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}

// The bucket as a tree: paths are /bucket/key.

func (b *bucket) Show(name string) string { return "s3:/" + filepath.ToSlash(name) }

func (b *bucket) keyOf(name string) (string, error) {
	key, ok := strings.CutPrefix(filepath.ToSlash(name)+"/", "/"+b.bucket+"/")
	if !ok {
		return "", fmt.Errorf("%s is in another bucket than %s: give them to commands of their own", b.Show(name), b)
	}
	return strings.TrimSuffix(key, "/"), nil
}

func (b *bucket) ReadDir(name string) ([]fs.DirEntry, error) {
	key, err := b.keyOf(name)
	if err != nil {
		return nil, err
	}
	if key != "" {
		key += "/"
	}
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	var out []fs.DirEntry
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: key}) {
		if o.Err != nil {
			return nil, wrong(b.Show(name), o.Err)
		}
		base := strings.TrimPrefix(o.Key, key)
		if base == "" {
			continue
		}
		out = append(out, fs.FileInfoToDirEntry(object{strings.TrimSuffix(base, "/"), o, strings.HasSuffix(base, "/")}))
	}
	return out, nil
}

func (b *bucket) Stat(name string) (fs.FileInfo, error) {
	key, err := b.keyOf(name)
	if err != nil {
		return nil, err
	}
	if key != "" {
		o, err := b.client.StatObject(b.ctx, b.bucket, key, minio.StatObjectOptions{})
		if err = wrong(b.Show(name), err); err == nil {
			return object{path.Base(key), o, false}, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		key += "/"
	}
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: key, MaxKeys: 1}) {
		if o.Err != nil {
			return nil, wrong(b.Show(name), o.Err)
		}
		return object{path.Base(name), o, true}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: b.Show(name), Err: fs.ErrNotExist}
}

func (b *bucket) Open(name string) (File, error) {
	key, err := b.keyOf(name)
	if err != nil {
		return nil, err
	}
	o, err := b.client.GetObject(b.ctx, b.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, wrong(b.Show(name), err)
	}
	return &objectFile{Object: o, name: b.Show(name)}, nil
}

// object describes an object, or a prefix as a folder.
type object struct {
	name string
	minio.ObjectInfo
	dir bool
}

func (o object) Name() string       { return o.name }
func (o object) Size() int64        { return o.ObjectInfo.Size }
func (o object) ModTime() time.Time { return o.LastModified }
func (o object) IsDir() bool        { return o.dir }
func (o object) Sys() any           { return o.ETag }
func (o object) Mode() fs.FileMode {
	if o.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

// objectFile reads an object from its beginning as one stream, and elsewhere in blocks.
type objectFile struct {
	*minio.Object
	name  string
	size  int64
	at    int64 // of the block that is held
	block []byte
}

func (f *objectFile) Size() (int64, error) {
	if f.size == 0 {
		info, err := f.Stat()
		if err != nil {
			return 0, wrong(f.name, err)
		}
		f.size = info.Size
	}
	return f.size, nil
}

func (f *objectFile) Read(b []byte) (int, error) {
	n, err := f.Object.Read(b)
	return n, wrong(f.name, err)
}

func (f *objectFile) Seek(offset int64, whence int) (int64, error) {
	n, err := f.Object.Seek(offset, whence)
	return n, wrong(f.name, err)
}

// blockSize is how much is asked for at a time where an archive is read in pieces: they are of some KB.
const blockSize = 1 << 20

func (f *objectFile) ReadAt(b []byte, at int64) (int, error) {
	size, err := f.Size()
	if err != nil {
		return 0, err
	}
	n := 0
	for n < len(b) {
		pos := at + int64(n)
		if pos >= size {
			return n, io.EOF
		}
		if pos < f.at || pos >= f.at+int64(len(f.block)) {
			f.at = pos - pos%blockSize
			block := make([]byte, min(blockSize, size-f.at))
			if _, err := f.Object.ReadAt(block, f.at); err != nil && !errors.Is(err, io.EOF) {
				f.block = nil
				return n, wrong(f.name, err)
			}
			f.block = block
		}
		n += copy(b[n:], f.block[pos-f.at:])
	}
	return n, nil
}
